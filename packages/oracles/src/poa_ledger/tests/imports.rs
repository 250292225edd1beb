//! Ledgers that begin with the state of an earlier pool.

use super::*;

fn import(balance: u128, fees: &str) -> Result<PoaLedger, PoaLedgerError> {
    PoaLedger::import(&Import {
        balance: &[coin(balance)],
        validators: &[ImportedValidator {
            operator: "v1",
            power: 1,
            fees: &[ImportedFees {
                denom: DENOM,
                amount: fees,
            }],
        }],
    })
}

#[test]
fn fractions_are_imported() {
    let mut ledger = import(101, "100.7543").unwrap();
    assert_eq!(ledger.has("v1"), ratio(1_007_543, 10_000));
    assert_eq!(ledger.withdrawable("v1", DENOM), ratio(101, 1));
    let undivided = ledger.totals(DENOM);
    assert_eq!(undivided.unallocated, BigInt::from(2457) * 10_u128.pow(32));
    assert_eq!(ledger.withdraws("v1"), 101);
}

#[test]
fn the_fraction_of_an_imported_amount_stays() {
    let fees = |amount| {
        [ImportedFees {
            denom: DENOM,
            amount,
        }]
    };
    let mut ledger = PoaLedger::import(&Import {
        balance: &[coin(101)],
        validators: &[
            ImportedValidator {
                operator: "v1",
                power: 1,
                fees: &fees("100.7543"),
            },
            ImportedValidator {
                operator: "v2",
                power: 0,
                fees: &fees("0.2457"),
            },
        ],
    })
    .unwrap();
    assert_eq!(ledger.withdraws("v1"), 100);
    assert_eq!(ledger.has("v1"), ratio(7543, 10_000));
    assert_eq!(ledger.has("v2"), ratio(2457, 10_000));
}

#[test]
fn fees_above_the_balance_are_refused() {
    import(100, "100").unwrap();
    assert_eq!(
        import(100, "100.000000000000000001").unwrap_err(),
        PoaLedgerError::NotCovered {
            denom: DENOM.to_owned()
        }
    );
}

#[test]
fn only_decimals_are_amounts() {
    for text in [
        "",
        ".5",
        "5.",
        "-1",
        "1e3",
        "1.1234567890123456789012345678901234567",
    ] {
        assert_eq!(
            import(100, text).unwrap_err(),
            PoaLedgerError::BadAmount {
                text: text.to_owned()
            }
        );
    }
}
