//! What users rely on, once for every engine; what only one engine has stands in a module of its name.

pub mod apply;
pub mod code;
pub mod data;
pub mod failing;
pub mod lock;
pub mod revert;

/// Makes a test of each case, on one engine.
#[macro_export]
macro_rules! suite {
    ($dialect:ident: $($module:ident { $($case:ident),* $(,)? })*) => {
        $(mod $module {
            $(#[tokio::test]
            async fn $case() {
                let database = $crate::Database::fresh(migrate_core::Dialect::$dialect).await;
                $crate::suite::$module::$case(&database).await;
                database.drop().await;
            })*
        })*
    };
}

/// Makes a test of every case of the suite, on one engine.
#[macro_export]
macro_rules! all_suites {
    (Postgres) => {
        $crate::all_suites!(@common Postgres);
    };
    (Mysql) => {
        $crate::all_suites!(@common Mysql);
    };
    (Sqlite) => {
        $crate::all_suites!(@common Sqlite);
    };
    (@common $dialect:ident) => {
        $crate::suite! { $dialect:
            apply {
                applies_everything_in_order_and_reports_it,
                records_what_was_applied,
                names_the_database_user_unless_told_who,
                goes_to_a_revision_a_prefix_or_some_steps,
                does_nothing_the_second_time,
                crosses_several_groups,
                reads_statements_as_the_engine_does,
                an_empty_revision_is_applied_like_any_other,
                runs_statements_that_hold_statements,
                keeps_hostile_text_unchanged,
                keeps_history_in_the_table_that_settings_name,
                reading_makes_nothing,
                other_crates_in_the_same_history_are_left_alone,
                crates_run_in_the_order_of_what_they_depend_on,
            }
            failing {
                a_refused_statement_leaves_what_came_before_it,
                a_refused_statement_in_the_first_of_ten_leaves_nothing,
                a_refused_statement_in_the_last_of_ten_leaves_nine,
                a_syntax_error_in_the_first_of_ten_is_placed,
                a_syntax_error_in_the_middle_of_ten_is_placed,
                a_syntax_error_in_the_last_of_ten_is_placed,
                a_place_is_counted_in_characters,
                up_goes_on_once_the_failing_revision_is_corrected,
                a_failing_way_down_leaves_what_was_undone_before_it,
                rows_are_changed_by_all_statements_of_a_revision_or_by_none,
                a_change_of_rows_that_fails_among_others_fails_alone,
                a_body_that_cannot_be_sent_stops_the_plan_before_it_begins,
                transaction_control_is_told_with_its_place,
                the_error_tells_what_to_do,
            }
            revert {
                undoes_as_many_as_asked_for,
                leaves_the_target_applied,
                the_last_applied_goes_first_whatever_its_number,
                every_form_of_down_undoes,
                what_cannot_be_undone_is_refused_before_anything_is,
                up_down_up_ends_where_one_up_does,
                data_revisions_above_are_undone_or_forgotten_first,
                a_target_that_is_not_applied_is_refused,
                more_steps_than_there_are_is_refused,
            }
            data {
                up_refuses_what_needs_data_that_is_not_there,
                production_applies_both_kinds_in_the_order_of_the_graph,
                up_leaves_data_revisions_pending_and_counts_them,
                up_to_a_data_revision_is_refused,
                rows_of_a_data_revision_and_its_record_are_one,
            }
            lock {
                sixteen_runners_apply_each_revision_once,
                sixteen_runners_undo_each_revision_once,
                a_held_lock_is_an_error_that_names_the_holder,
                a_waiting_runner_is_told_and_goes_on_when_the_lock_is_free,
                the_lock_is_free_after_a_failure,
                the_lock_is_free_after_a_panic,
                the_lock_is_free_after_a_run_was_aborted,
                a_run_given_up_frees_the_lock_though_its_migrator_lives_on,
                a_run_given_up_while_it_waits_for_the_lock_leaves_nothing_behind,
            }
            code {
                runs_statements_and_queries_and_counts_them,
                reads_values_as_the_types_asked_for,
                a_value_that_is_not_there_or_no_such_type_is_an_error,
                a_query_without_a_row_is_an_error_where_a_value_is_asked_for,
                is_lent_the_applications_values,
                the_typed_connection_is_inside_the_transaction,
                may_not_end_its_transaction,
                a_refused_call_is_told_with_its_place,
                an_error_of_its_own_is_handed_on,
                a_swallowed_refusal_is_to_blame_where_it_ended_the_transaction,
                a_schema_change_by_code_is_undone_where_the_engine_can,
                asking_for_another_engine_is_an_error,
                code_between_plain_revisions_keeps_the_order,
            }
        }
    };
}
