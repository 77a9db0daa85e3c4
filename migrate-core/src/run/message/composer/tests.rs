use super::*;
use crate::declare::migration::Migration;
use crate::graph::Graph;
use crate::graph::target::Target;
use crate::history::History;
use crate::plan::{Context, Plan, Policies, Request};
use crate::run::message::Role::{Answer, Begin, Commit, Mark, Record, Set, Statement};
use crate::run::message::UNBOUND;

fn steps(migrations: Vec<Migration>, dialect: Dialect) -> Vec<Step> {
    let graph = Graph::new(migrations).expect("a graph");
    let context = Context { dialect, policies: Policies::default() };
    let request = Request::Up(Target::Head);
    Plan::new(&request, &graph, &History::default(), context).expect("a plan").steps
}

fn message(steps: &[Step], dialect: Dialect) -> Message {
    let table = HistoryTable::new(dialect, None, HistoryTable::DEFAULT_NAME);
    let (timeouts, frame) = (Timeouts::default(), &UNBOUND);
    Composer { table: &table, timeouts, last_sequence: Some(0), frame }.together(steps)
}

fn roles(message: &Message, step: usize) -> Vec<Role> {
    message.parts().iter().filter(|part| part.step == step).map(|part| part.role).collect()
}

#[test]
fn the_row_is_written_before_the_change_and_commits_with_it() {
    let two = vec![
        Migration::new("1").up("CREATE TABLE t (id BIGINT)"),
        Migration::new("2").up("SELECT 1"),
    ];
    let message = message(&steps(two, Dialect::Postgres), Dialect::Postgres);
    assert_eq!(roles(&message, 0), [Begin, Set, Record, Statement(0), Mark, Answer, Commit]);
    // The last commit waits for the disk.
    assert_eq!(roles(&message, 1), [Begin, Record, Statement(0), Mark, Answer, Commit]);
}

#[test]
fn ddl_of_mysql_is_marked_after_each_statement() {
    let one =
        vec![Migration::new("1").up("CREATE TABLE a (id BIGINT); CREATE TABLE b (id BIGINT)")];
    let message = message(&steps(one, Dialect::Mysql), Dialect::Mysql);
    assert_eq!(
        roles(&message, 0),
        [Record, Statement(0), Mark, Mark, Statement(1), Begin, Mark, Mark, Mark, Answer, Commit]
    );
}

#[test]
fn every_part_stands_where_it_says() {
    let one = vec![Migration::new("1").up("SELECT 'a;b' -- note")];
    let message = message(&steps(one, Dialect::Sqlite), Dialect::Sqlite);
    let statement =
        message.parts().iter().find(|part| part.role == Statement(0)).expect("a statement");
    assert!(message.text().split_at(statement.start).1.starts_with("SELECT 'a;b'"));
    assert_eq!(message.part_at(statement.start + 3), Some(statement));
    let whole: String = message.clone().cut(0).iter().map(Message::text).collect();
    assert_eq!(whole, message.text());
}
