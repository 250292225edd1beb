package main

import (
	"errors"
	"io"
	"os"

	cmtcfg "github.com/cometbft/cometbft/config"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/cobra"

	"cosmossdk.io/log"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/debug"
	"github.com/cosmos/cosmos-sdk/client/keys"
	"github.com/cosmos/cosmos-sdk/client/rpc"
	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	authcmd "github.com/cosmos/cosmos-sdk/x/auth/client/cli"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"

	"github.com/CosmWasm/wasmd/x/wasm"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/app"
)

// newRootCommand makes all commands. An application that is never started knows the modules' own.
func newRootCommand(home string) (*cobra.Command, error) {
	scratch, err := os.MkdirTemp("", app.Name)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	modules := app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, false, simtestutil.NewAppOptionsWithFlagHome(scratch), nil)
	defer modules.Close()

	ctx := client.Context{}.
		WithCodec(modules.AppCodec()).
		WithInterfaceRegistry(modules.InterfaceRegistry()).
		WithTxConfig(modules.TxConfig()).
		WithLegacyAmino(modules.LegacyAmino()).
		WithInput(os.Stdin).
		WithAccountRetriever(authtypes.AccountRetriever{}).
		WithHomeDir(home).
		WithViper("")
	root := &cobra.Command{
		Use: app.Name, Short: "Node of a chain whose fees are split by a contract",
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SetOut(cmd.OutOrStdout())
			cmd.SetErr(cmd.ErrOrStderr())
			ctx, err := client.ReadPersistentCommandFlags(ctx.WithCmdContext(cmd.Context()), cmd.Flags())
			if err != nil {
				return err
			}
			if ctx, err = config.ReadFromClientConfig(ctx); err != nil {
				return err
			}
			if err := client.SetCmdClientContextHandler(ctx, cmd); err != nil {
				return err
			}
			template, settings := nodeSettings()
			return server.InterceptConfigsPreRunHandler(cmd, template, settings, cmtcfg.DefaultConfig())
		},
	}
	root.AddCommand(
		genutilcli.InitCmd(modules.BasicManager, home),
		genutilcli.Commands(modules.TxConfig(), modules.BasicManager, home),
		debug.Cmd(),
		keys.Commands(),
		server.StatusCommand(),
		queryCommand(),
		txCommand(),
	)
	server.AddCommands(root, home, newApp, exportApp, wasm.AddModuleInitFlags)
	options := modules.CommandLine()
	options.ClientCtx = ctx
	return root, options.EnhanceRootCommand(root)
}

// nodeSettings are the defaults of app.toml and its template.
func nodeSettings() (template string, settings any) {
	type nodeConfig struct {
		serverconfig.Config

		Wasm wasmtypes.NodeConfig `mapstructure:"wasm"`
	}
	base := serverconfig.DefaultConfig()
	base.MinGasPrices = "0stake"
	return serverconfig.DefaultConfigTemplate + wasmtypes.DefaultConfigTemplate(),
		nodeConfig{Config: *base, Wasm: wasmtypes.DefaultNodeConfig()}
}

func queryCommand() *cobra.Command {
	command := &cobra.Command{Use: "query", Aliases: []string{"q"}, Short: "Ask the chain", RunE: client.ValidateCmd}
	command.AddCommand(
		rpc.QueryEventForTxCmd(), server.QueryBlockCmd(), server.QueryBlocksCmd(), server.QueryBlockResultsCmd(),
		authcmd.QueryTxCmd(), authcmd.QueryTxsByEventsCmd(),
	)
	return command
}

func txCommand() *cobra.Command {
	command := &cobra.Command{Use: "tx", Short: "Send messages", RunE: client.ValidateCmd}
	command.AddCommand(
		authcmd.GetSignCommand(), authcmd.GetBroadcastCommand(), authcmd.GetEncodeCommand(),
		authcmd.GetDecodeCommand(), authcmd.GetSimulateCmd(),
	)
	return command
}

func newApp(logger log.Logger, db dbm.DB, trace io.Writer, options servertypes.AppOptions) servertypes.Application {
	return app.New(logger, db, trace, true, options, nil, server.DefaultBaseappOptions(options)...)
}

func exportApp(
	logger log.Logger, db dbm.DB, trace io.Writer, height int64, forZeroHeight bool,
	_ []string, options servertypes.AppOptions, modules []string,
) (servertypes.ExportedApp, error) {
	if forZeroHeight {
		return servertypes.ExportedApp{}, errors.New("a state for height 0 is not supported: contracts keep heights")
	}
	exported := app.New(logger, db, trace, height == -1, options, nil)
	if height != -1 {
		if err := exported.LoadVersion(height); err != nil {
			return servertypes.ExportedApp{}, err
		}
	}
	return exported.Export(modules)
}
