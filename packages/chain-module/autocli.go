package chainmodule

import autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

// AutoCLIOptions describes the commands of the module.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{
		Query: &autocliv1.ServiceCommandDescriptor{
			Service: "cwdistribution.v1.Query",
			RpcCommandOptions: []*autocliv1.RpcCommandOptions{
				{RpcMethod: "Params", Use: "params", Short: "Show whom the module calls"},
				{RpcMethod: "Routes", Use: "routes", Short: "Show the routes and how their calls went"},
				{
					RpcMethod: "Contract", Use: "contract [address]",
					Short:          "Show how the calls of a contract went and which powers it was told of",
					PositionalArgs: []*autocliv1.PositionalArgDescriptor{{ProtoField: "contract"}},
				},
			},
		},
		Tx: &autocliv1.ServiceCommandDescriptor{
			Service: "cwdistribution.v1.Msg",
			RpcCommandOptions: []*autocliv1.RpcCommandOptions{
				// Governance sends it: tx gov submit-proposal.
				{RpcMethod: "UpdateParams", Skip: true},
			},
		},
	}
}
