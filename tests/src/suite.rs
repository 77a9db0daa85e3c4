//! What users rely on, once for every engine; what only one engine has stands in a module of its name.

pub mod addresses;
pub mod apply;
pub mod carried;
pub mod clients;
pub mod code;
pub mod data;
pub mod derived;
pub mod dialects;
pub mod drift;
pub mod embedding;
pub mod ending;
pub mod failing;
pub mod files;
pub mod graph;
pub mod in_flight;
pub mod isolation;
pub mod kept_lock;
pub mod lease;
pub mod lent;
pub mod lines;
pub mod lock;
pub mod mariadb;
pub mod mariadb_probing;
pub mod network;
pub mod no_transactions;
pub mod offline;
pub mod one_file;
pub mod outside;
pub mod panicking;
pub mod patience;
pub mod pending_data;
pub mod places;
pub mod postgres;
pub mod postgres_probing;
pub mod probing;
pub mod quoting;
pub mod rendering;
pub mod repairing;
pub mod rerun;
pub mod resuming;
pub mod retrying;
pub mod revert;
pub mod schemas;
pub mod secrets;
pub mod session;
pub mod session_state;
pub mod silence;
pub mod small_truths;
pub mod sqlite;
pub mod stamp;
pub mod stopping;
pub mod undoing;
pub mod untracked;
pub mod waiting;
pub mod ways_out;

use std::time::Duration;

/// A case that takes longer hangs; the slowest take seconds.
pub const LONGEST: Duration = Duration::from_mins(3);

/// Makes a test of each case, on one engine.
#[macro_export]
macro_rules! suite {
    ($dialect:ident: $($module:ident { $($case:ident),* $(,)? })*) => {
        $(mod $module {
            $(#[tokio::test]
            async fn $case() {
                let database = $crate::Database::fresh(migrate_core::Dialect::$dialect).await;
                let case = $crate::suite::$module::$case(&database);
                tokio::time::timeout($crate::suite::LONGEST, case).await.expect("a case that ends");
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
        $crate::all_suites!(@servers Postgres);
        $crate::suite! { Postgres:
            session_state {
                what_does_more_than_set_something_is_not_run_again,
                what_needs_state_that_is_lost_is_refused_before_it_starts,
                what_was_begun_and_needs_its_session_is_refused_in_words,
                code_that_is_resumed_has_its_settings_again,
                code_that_needs_its_first_session_is_refused_in_words,
                a_retry_repeats_nothing_that_is_done,
            }
            resuming {
                an_invalid_index_is_removed_and_built_again,
            }
            postgres {
                no_default_of_the_database_is_in_the_way_of_a_lease,
                what_cannot_run_in_a_transaction_must_say_so,
                sixteen_runners_build_an_index_concurrently_once,
                a_failure_outside_a_transaction_leaves_what_was_done,
                a_constraint_that_fails_at_the_commit_undoes_its_revision_alone,
                keeps_history_in_the_schema_that_settings_name,
                takes_the_role_that_settings_name,
                a_borrowed_session_is_left_as_it_was,
                a_run_whose_connection_the_server_ends_is_finished_by_the_next,
                the_lock_is_free_soon_after_a_run_was_given_up_in_a_long_statement,
                a_second_signal_ends_the_process_at_once,
                timeouts_of_the_server_are_not_inherited,
            }
            in_flight {
                an_index_that_was_there_before_is_not_taken_for_the_one_to_build,
                an_invalid_index_that_was_there_before_stays,
            }
            schemas {
                each_schema_of_a_search_path_has_a_history_of_its_own,
                every_way_to_write_the_search_path_is_honoured,
                leases_and_histories_of_two_schemas_are_two,
                a_history_in_another_schema_stops_until_one_is_named,
                a_schema_that_is_not_there_is_refused_before_anything,
                history_stays_where_it_is_whatever_a_migration_sets,
                the_schema_of_the_role_is_where_its_history_is,
                a_connection_of_ones_own_keeps_history_where_it_creates,
                a_script_keeps_history_where_its_session_creates,
                time_outs_of_the_url_are_those_of_a_run,
                a_server_of_another_kind_is_refused,
            }
            patience {
                only_a_concurrent_statement_waits_without_limit,
                only_a_concurrent_statement_of_code_waits_without_limit,
                only_a_concurrent_statement_of_a_script_waits_without_limit,
                a_change_of_a_table_outside_a_transaction_gives_up_waiting_and_is_retried,
            }
            outside {
                what_is_to_run_outside_a_transaction_does_although_no_statement_demands_it,
                undoing_runs_outside_a_transaction_as_well,
            }
            postgres_probing {
                an_invalid_index_is_dropped_before_it_is_built_again,
                an_invalid_index_without_a_name_is_shown,
                a_namesake_is_not_taken_for_what_was_dropped,
                what_a_stopped_rebuild_leaves_is_dropped,
                a_stopped_build_is_mended,
                a_stopped_drop_of_an_index_is_done_again,
                a_stopped_detachment_is_finished,
                an_ordinary_role_can_ask,
                a_running_statement_is_told_with_its_session,
            }
        }
    };
    (Mysql) => {
        $crate::all_suites!(@common Mysql);
        $crate::all_suites!(@servers Mysql);
        $crate::suite! { Mysql:
            session_state {
                what_does_more_than_set_something_is_not_run_again,
                what_needs_state_that_is_lost_is_refused_before_it_starts,
                what_was_begun_and_needs_its_session_is_refused_in_words,
                code_that_is_resumed_has_its_settings_again,
                code_that_needs_its_first_session_is_refused_in_words,
                a_retry_repeats_nothing_that_is_done,
                a_variable_set_from_a_setting_has_its_very_value_again,
                a_dump_that_an_earlier_version_left_unfinished_is_resumed,
                a_call_is_accounted_for,
                what_may_hide_ddl_is_accounted_for,
                a_prepared_statement_that_only_changes_rows_is_rolled_back,
            }
            resuming {
                goes_on_with_the_statement_that_failed,
                a_statement_in_flight_that_took_effect_is_not_run_again,
                a_statement_in_flight_that_did_not_take_effect_is_run,
                what_is_done_may_not_be_edited,
                undoing_goes_on_where_it_failed,
                code_goes_on_behind_its_last_statement,
                without_a_lock_nothing_half_done_is_gone_on_with,
            }
            mariadb {
                a_half_done_revision_fails_again_until_it_is_corrected,
                a_stamp_says_that_a_half_done_revision_is_done,
                a_stamp_says_that_a_half_done_revision_is_undone,
                the_sql_mode_is_the_servers_own,
                a_global_variable_that_changes_is_left_alone,
                a_procedure_that_answers_is_called,
                history_does_not_follow_a_use,
                a_run_whose_connection_the_server_ends_is_finished_by_the_next,
            }
            in_flight {
                a_table_that_was_there_before_is_not_taken_for_the_one_to_make,
                a_column_that_was_there_before_is_not_taken_for_the_one_to_add,
                what_came_since_with_another_definition_is_shown,
                what_an_earlier_version_marked_is_done_only_with_the_definition_asked_for,
                a_script_that_stopped_at_a_table_that_was_there_is_not_past_it,
            }
            schemas {
                a_url_without_a_database_is_refused_before_anything,
            }
            no_transactions {
                rows_that_stay_are_not_written_twice,
                a_statement_that_failed_half_way_asks_for_a_word,
                a_statement_that_a_kill_has_stopped_asks_for_a_word,
                what_a_trigger_wrote_is_told_and_not_done_again,
                code_does_not_write_twice_what_stays,
                code_that_commits_by_a_statement_goes_on_behind_it,
                a_way_down_is_not_gone_twice,
                a_script_stops_before_what_it_could_not_undo,
                a_statement_of_the_lent_connection_that_commits_by_itself_is_noticed,
            }
            outside {
                what_is_to_run_outside_a_transaction_does_although_no_statement_demands_it,
                undoing_runs_outside_a_transaction_as_well,
            }
            mariadb_probing {
                a_drop_that_got_half_way_is_finished,
                columns_that_may_not_be_seen_are_not_gone,
                names_that_differ_by_an_accent_are_two,
                a_running_statement_is_told_with_its_session,
            }
        }
    };
    (Sqlite) => {
        $crate::all_suites!(@common Sqlite);
        $crate::suite! { Sqlite:
            session_state {
                what_does_more_than_set_something_is_not_run_again,
                what_needs_state_that_is_lost_is_refused_before_it_starts,
                what_was_begun_and_needs_its_session_is_refused_in_words,
                code_that_is_resumed_has_its_settings_again,
                code_that_needs_its_first_session_is_refused_in_words,
            }
            files {
                a_file_that_is_made_is_its_owners_alone,
                the_lock_beside_a_database_is_as_secret_as_that,
                what_is_no_file_is_told_with_its_name,
                what_is_no_database_is_left_alone,
                a_damaged_database_is_told,
                a_database_opened_for_reading_is_read_and_not_written,
                a_file_or_folder_without_the_right_to_write_is_told,
                a_full_database_stops_between_revisions_and_goes_on_when_there_is_room,
                a_full_database_gives_back_what_was_refused_on_the_way_down,
                a_full_disk_stops_between_revisions_and_goes_on_when_there_is_room,
                eight_processes_apply_each_revision_once_with_a_rollback_journal,
                eight_processes_apply_each_revision_once_with_a_wal,
            }
            outside {
                what_is_to_run_outside_a_transaction_does_although_no_statement_demands_it,
                undoing_runs_outside_a_transaction_as_well,
                a_table_that_is_made_anew_outside_a_transaction_keeps_its_children,
            }
            one_file {
                a_stamp_waits_for_a_run_that_is_between_two_statements,
                a_repair_waits_for_a_run_that_is_between_two_statements,
                a_file_under_two_names_has_one_lock,
                our_tables_leave_nothing_but_themselves,
            }
            sqlite {
                a_table_rebuild_keeps_the_rows_that_refer_to_it,
                a_schema_revision_that_leaves_orphans_is_refused_and_undone,
                orphans_that_were_there_before_are_no_obstacle,
                data_revisions_run_with_foreign_keys_enforced,
                enforcement_is_the_kinds_and_is_put_back_on_every_path,
                enforcement_that_a_revision_switches_off_is_put_back,
                a_constraint_that_fails_at_the_commit_undoes_its_revision_alone,
                what_cannot_run_in_a_transaction_must_say_so,
                a_failure_outside_a_transaction_is_recorded_even_as_the_first,
                a_journal_that_was_switched_off_is_switched_on,
            }
        }
    };
    (@servers $dialect:ident) => {
        $crate::suite! { $dialect:
            addresses {
                a_socket_is_reached_by_every_spelling,
                a_database_of_an_odd_name_is_reached,
            }
            ending {
                an_answer_that_is_lost_on_its_way_ends_the_run_which_says_what_is_done,
                a_stop_that_is_answered_no_more_ends_the_run,
                a_query_that_is_cancelled_by_another_at_any_moment_ends_the_run,
                a_stop_at_any_moment_ends_the_run,
                a_query_that_is_cancelled_on_ones_own_connection_ends_the_run,
            }
            silence {
                a_server_that_takes_connections_and_says_nothing_is_told,
                a_history_table_that_another_session_locks_is_not_waited_for_without_end,
                a_run_whose_second_connection_gets_no_answer_is_done_all_the_same,
            }
            lease {
                what_a_run_meets_that_has_lost_its_lease_is_not_what_is_told,
                sixteen_runners_apply_each_revision_once,
                the_owner_is_named,
                an_owner_that_was_silent_is_fenced_off,
                the_lease_is_free_at_once_after_a_failure,
                the_lease_is_free_at_once_after_a_panic,
                the_lease_of_a_run_that_was_given_up_can_be_freed,
                asking_who_holds_the_lock_makes_nothing,
                a_session_that_holds_the_lock_is_not_freed,
                a_lease_on_a_connection_of_ones_own_is_refused,
                code_outside_a_transaction_is_journaled,
                runs_by_session_and_by_lease_apply_each_revision_once,
                a_session_and_a_lease_keep_each_other_out,
                a_dead_owner_does_not_keep_a_session_out,
            }
            retrying {
                a_second_attempt_finds_nothing_of_the_first,
            }
            kept_lock {
                a_migration_that_releases_all_locks_lets_no_other_run_in,
            }
            network {
                nothing_to_do_is_one_round_trip,
                plain_revisions_share_round_trips,
                a_run_cut_off_at_any_message_is_finished_by_the_next,
            }
            places {
                a_history_table_whose_log_would_have_no_name_of_its_own_is_refused,
                history_is_kept_in_a_schema_of_a_hostile_name,
                sessions_go_back_to_databases_and_roles_of_hostile_names,
            }
            secrets {
                no_process_says_the_password,
                no_failing_migration_says_the_password,
                no_value_shows_the_password,
            }
            waiting {
                a_step_that_others_block_names_them_and_is_tried_again,
                a_step_gives_up_when_the_time_is_up_and_names_the_blocker,
                without_time_to_wait_nothing_is_tried_again,
                a_step_that_a_deadlock_undoes_is_run_again,
                a_statement_that_runs_too_long_is_not_tried_again,
                a_server_that_comes_up_later_is_waited_for,
                what_keeps_it_from_connecting_is_told_and_waited_for_only_if_it_may_pass,
            }
        }
    };
    (@common $dialect:ident) => {
        $crate::suite! { $dialect:
            rerun {
                code_is_run_again_from_the_start,
                statements_are_run_again_from_the_start,
                no_journal_is_needed,
                undoing_is_run_again_from_the_start,
            }
            small_truths {
                a_checksum_of_an_unknown_algorithm_is_refused_by_name,
                a_log_that_was_dropped_is_made_again_by_the_next_write,
            }
            apply {
                applies_everything_in_order_and_reports_it,
                records_what_was_applied,
                what_is_waived_is_kept_with_what_was_applied,
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
            quoting {
                a_value_is_what_it_was_in_every_mode,
                a_name_is_what_it_was_in_every_mode,
                history_takes_hostile_values_in_every_mode,
                history_is_kept_in_tables_of_hostile_names,
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
                what_its_kind_may_not_hold_stops_the_plan_before_it_begins,
                transaction_control_is_told_with_its_place,
                the_error_tells_what_to_do,
            }
            revert {
                undoes_as_many_as_asked_for,
                leaves_the_target_applied,
                the_last_applied_goes_first_whatever_its_number,
                every_form_of_down_undoes,
                a_derived_down_undoes,
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
            clients {
                a_script_says_to_the_database_what_a_run_says,
                what_a_client_cannot_be_told_is_refused_with_its_place,
            }
            isolation {
                what_sql_leaves_does_not_reach_the_next,
                what_code_leaves_does_not_reach_the_next,
                what_a_script_leaves_does_not_reach_the_next,
                what_a_failure_leaves_does_not_reach_the_next,
            }
            pending_data {
                up_refuses_to_destroy_what_a_pending_backfill_needs,
                nothing_runs_where_one_of_many_is_refused,
                who_says_so_runs_before_pending_data,
                code_may_touch_anything_and_is_told_where_it_may_destroy,
                a_report_names_the_data_revisions_that_wait,
            }
            lines {
                production_to_a_revision_runs_nothing_after_it,
                down_within_a_branch_leaves_the_others,
                down_keeps_what_only_depends_on_the_target,
                two_crates_with_the_same_numbers_share_a_database,
                a_revision_moved_between_kinds_is_named,
            }
            session {
                what_a_migration_sets_does_not_reach_the_next,
                a_failing_migration_leaves_no_settings_either,
                timeouts_of_a_migration_hold_for_it_alone,
                a_connection_of_ones_own_is_given_back_as_it_was,
            }
            graph {
                branches_and_their_merge_are_applied_in_order,
                several_heads_are_named_where_one_is_meant,
                one_branch_can_go_ahead_of_the_other,
                a_late_revision_beside_applied_ones_runs_and_is_noticed,
                a_revision_put_below_an_applied_one_is_refused,
                a_database_ahead_of_the_program_is_refused_unless_policy_lets_it_pass,
                an_edited_revision_is_refused_by_name,
                comments_and_white_space_may_be_edited,
                a_renamed_crate_is_noticed,
                faults_of_the_graph_are_found_without_a_database,
                a_target_that_is_not_there_is_told_with_what_is_like_it,
            }
            stamp {
                writes_history_and_runs_nothing,
                goes_both_ways,
                a_stamped_revision_can_be_undone,
                a_stamp_is_checked_like_what_was_applied,
                data_beside_the_target_is_left_pending,
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
            stopping {
                a_stop_cancels_the_statement_in_flight_and_undoes_its_step,
                a_stop_ends_code_that_would_go_on,
                a_stop_between_steps_ends_before_the_next,
                a_run_that_waits_for_another_can_be_stopped,
                a_handle_used_before_lets_nothing_begin,
                a_signal_ends_the_process_in_order,
                a_stop_is_one_document_too,
                a_run_whose_listener_is_gone_stops_in_order,
                code_that_blocks_its_thread_is_left_at_the_second_signal,
                a_panic_is_one_document_and_an_exit_code_of_ours,
                code_that_holds_a_full_pipe_is_left_at_the_second_signal,
                a_signal_that_was_ignored_from_the_start_stays_ignored,
                a_signal_while_it_waits_for_the_lock_has_its_own_exit_code,
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
                what_its_kind_may_not_hold_is_refused_before_it_is_sent,
                a_waiver_or_a_temporary_table_lets_it_pass,
            }
            panicking {
                code_that_panics_is_rolled_back_and_named,
                journaled_code_that_panics_goes_on_after_its_last_call,
                sql_that_panics_is_refused_before_anything_runs,
                a_down_that_panics_is_refused,
                code_that_panics_while_it_undoes_is_named,
                an_error_that_cannot_be_told_is_a_panic_too,
                an_unfinished_revision_whose_sql_panics_can_be_answered_for,
                an_applied_revision_whose_sql_panics_is_not_taken_for_unedited,
            }
            lent {
                begin_on_the_lent_connection_is_a_savepoint,
                what_the_lent_connection_rolls_back_is_undone_and_no_more,
                code_that_commits_its_transaction_is_not_called_applied,
                code_that_commits_and_fails_is_not_called_rolled_back,
                code_that_rolls_back_its_transaction_is_not_called_applied,
                the_connection_is_given_back_without_a_transaction,
            }
            drift {
                tables_of_an_earlier_version_are_read_and_left_as_they_are,
                the_first_write_adds_what_tables_of_an_earlier_version_lack,
                sixteen_runners_widen_tables_of_an_earlier_version_once,
                layout_1_is_read_as_it_is_and_renamed_by_the_first_write,
                a_log_of_layout_1_alone_gets_its_new_name,
                how_a_revision_is_undone_is_kept,
                an_edit_is_refused_with_what_was_and_what_is,
                policies_say_what_is_refused_what_is_said_and_what_is_not,
                what_is_unknown_is_undone_by_the_sql_in_history,
                what_no_transaction_holds_is_undone_by_the_sql_in_history,
                what_history_alone_cannot_undo_is_refused_by_name,
                what_is_known_and_applied_later_keeps_what_is_below_it,
                rows_of_an_earlier_version_are_undone_by_what_sql_they_keep,
            }
            repairing {
                an_edited_revision_that_is_accepted_is_no_longer_refused,
                what_is_accepted_is_logged_with_its_reason_and_both_checksums,
                what_needs_no_acceptance_is_refused,
                the_statement_in_doubt_is_shown,
                a_word_that_it_is_done_counts_the_statement,
                a_word_that_it_is_not_done_forgets_the_statement,
                a_statement_that_failed_can_be_said_to_be_done,
                a_word_leaves_a_way_down_a_way_down,
                undoing_from_history_goes_on_where_it_stopped,
                what_an_earlier_version_began_is_answered_for_as_a_whole,
                what_another_run_is_at_is_not_judged,
            }
            ways_out {
                every_unfinished_state_of_schema_has_commands_that_lead_out_of_it,
                every_unfinished_state_of_data_has_commands_that_lead_out_of_it,
                every_unfinished_state_of_code_has_commands_that_lead_out_of_it,
                code_that_diverges_says_where_and_names_both_ways_out,
                code_that_ends_early_says_what_it_did_not_come_to,
                an_answer_given_twice_is_not_about_more_the_second_time,
                half_undone_is_what_down_goes_on_with,
            }
            untracked {
                the_typed_connection_is_refused_unless_it_is_wrapped,
                a_refusal_that_code_ignores_is_none_the_less_a_failure,
                in_a_transaction_nothing_needs_to_be_wrapped,
                an_untracked_call_that_has_ended_is_not_repeated,
                an_untracked_call_that_did_not_end_is_unknown_until_a_human_says,
                a_run_given_up_within_an_untracked_call_leaves_it_unknown,
                what_changes_rows_and_answers_is_done_once_and_answers_the_same,
                what_only_reads_is_read_again,
                a_query_that_writes_is_not_sent_twice,
                an_untracked_calls_own_error_is_told_with_its_reason,
            }
            offline {
                a_script_leaves_what_an_online_run_does,
                a_script_down_leaves_what_an_online_run_does,
                a_second_run_of_a_script_stops_at_once,
                a_script_stops_at_the_first_error,
                a_script_goes_on_from_where_it_is_told,
                a_stamp_can_be_a_script,
                code_that_reads_or_fails_is_refused_by_name,
                a_script_down_must_be_told_from_where,
                settings_of_a_migration_end_with_it_in_a_script,
            }
            carried {
                a_plan_that_is_still_true_is_run,
                what_another_run_has_undone_is_not_replaced_by_the_next,
                what_another_run_has_applied_is_not_undone_unseen,
                an_up_that_was_shown_is_not_another_one,
                what_does_not_touch_the_plan_does_not_stop_it,
                undoing_from_history_undoes_what_was_shown,
                a_stamp_that_was_shown_is_not_another_one,
                an_acceptance_that_was_shown_is_not_another_one,
                sixteen_runs_that_were_shown_nothing_all_end_well,
                a_plan_is_reviewed_once_unless_it_becomes_another,
            }
            rendering {
                a_body_is_asked_once_for_a_run,
                a_plan_that_is_carried_runs_as_it_was_shown,
                a_way_down_is_asked_once_for_a_run,
                graphs_that_share_a_body_ask_it_each_for_itself,
                a_script_keeps_what_it_runs,
                a_stamp_keeps_one_text,
            }
            undoing {
                an_undo_that_another_run_has_done_is_not_done_again,
                rows_that_were_undone_by_another_run_are_not_undone_again,
                sixteen_runners_without_a_lock_undo_each_revision_once,
                a_script_down_that_is_run_twice_undoes_nothing_twice,
                a_revision_whose_row_is_taken_away_while_it_runs_fails,
                history_that_was_changed_and_changed_back_is_read_again_with_the_file_locked,
            }
            dialects {
                a_crate_of_other_dialects_is_refused_when_it_connects,
                a_crate_of_other_dialects_is_refused_on_a_connection_of_ones_own,
                no_script_is_written_for_another_dialect,
                a_crate_of_this_dialect_among_others_is_run,
                a_down_that_was_not_derived_for_this_dialect_undoes_nothing,
                a_script_starts_from_no_place_that_it_cannot_know,
            }
            derived {
                a_derived_down_undoes_its_revision_and_nothing_else,
            }
            probing {
                every_form_is_judged_before_and_after,
                what_agrees_with_neither_state_is_shown,
                a_part_of_what_is_not_there_tells_nothing,
                names_are_read_and_asked_for_as_they_are,
            }
            embedding {
                an_observer_is_told_in_order,
                a_plan_can_be_refused_before_it_is_run,
                nothing_is_told_when_there_is_nothing_to_do,
                the_start_up_guard_counts_what_is_pending,
                the_start_up_guard_is_not_content_with_a_failed_revision,
                a_database_that_cannot_be_reached_is_told_without_its_password,
                a_wrong_password_or_database_is_told_without_the_password,
                runs_on_a_connection_of_ones_own,
            }
        }
    };
}
