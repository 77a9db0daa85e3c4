use migrate_core::prelude::*;

/// Lower-case e-mails of everybody who ever bought anything
#[migration(rev = "003", kind = data)]
fn lower_case_e_mails_of_everybody_who_ever_bought() -> &'static str {
    "-- write the SQL here"
}
