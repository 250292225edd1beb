//! Lines in pages that fit into a transaction.

use fee_pool_core::msg::ImportPage;

use crate::staking::{Difference, Line};

/// Pages of at most so many lines. The validators are the first, because lines that name them come after
/// them.
pub fn pages(differences: &[Difference], lines: usize) -> Vec<ImportPage> {
    let all: Vec<&Line> = differences
        .iter()
        .filter_map(|it| it.line.as_ref())
        .collect();
    all.chunks(lines).map(page).collect()
}

fn page(lines: &[&Line]) -> ImportPage {
    let mut page = ImportPage::default();
    for line in lines {
        match line {
            Line::Validator(validator) => page.validators.push(validator.clone()),
            Line::Delegation(delegation) => page.delegations.push(delegation.clone()),
            Line::WithdrawAddress(line) => page.withdraw_addresses.push(line.clone()),
            Line::Rewards(line) => page.delegator_rewards.push(line.clone()),
            Line::Commission(line) => page.commissions.push(line.clone()),
            Line::CommunityPool(pool) => page.community_pool = Some(pool.clone()),
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use chain_types::staking_event::CommissionTerms;
    use cosmwasm_std::{Decimal256, Uint128};
    use fee_pool_core::msg::{ImportedDelegation, ImportedValidator};

    use super::*;

    #[test]
    fn pages_have_validators_first_and_no_more_lines_than_asked_for() {
        let zero = Decimal256::zero();
        let validator = Line::Validator(ImportedValidator {
            validator: "v".to_string(),
            power: Uint128::one(),
            commission: CommissionTerms {
                rate: zero,
                max_rate: zero,
                max_change_rate: zero,
            },
        });
        let delegation = |delegator: &str| {
            Line::Delegation(ImportedDelegation {
                delegator: delegator.to_string(),
                validator: "v".to_string(),
                shares: "1".to_string(),
            })
        };
        let lines = [
            Some(validator),
            None,
            Some(delegation("a")),
            Some(delegation("b")),
        ];
        let differences = lines.map(|line| Difference {
            text: String::new(),
            line,
            events: Vec::new(),
        });
        let pages = pages(&differences, 2);
        let sizes: Vec<_> = pages
            .iter()
            .map(|page| (page.validators.len(), page.delegations.len()))
            .collect();
        assert_eq!(sizes, [(1, 1), (0, 1)]);
    }
}
