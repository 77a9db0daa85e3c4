//! What holds for every text.

// The texts that the splitter is tested with, too.
#[path = "../../../migrate-sql/src/statement/split/laws/text.rs"]
mod text;

use migrate_sql::{Dialect, SqlContext};
use proptest::prelude::*;

use self::text::any_text;
use super::unknown;
use crate::syntax::validate;

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn parsers_survive_everything(sql in any_text(), dialect in dialect()) {
        let found = validate(&sql, SqlContext::new(dialect));
        prop_assert!(found.iter().all(|fault| fault.offset() <= sql.len()));
        for unknown in unknown(&sql, dialect) {
            prop_assert!(unknown.offset <= sql.len());
            prop_assert!(!unknown.message.is_empty());
        }
    }
}
