//! The bodies of a migration: SQL text or code.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_core::future::BoxFuture;

use crate::db::Db;
use crate::declare::panicked::Panicked;
use crate::sql::{Dialect, IntoSql, Sql};

/// The error type of a migration's code.
pub type BoxError = Box<dyn StdError + Send + Sync>;

type BoxedSql = dyn Fn(Dialect) -> Sql + Send + Sync;
/// The SQL that a function returned, if it did not panic.
type Made = Result<Sql, Panicked>;
type BoxedCode = dyn for<'a> Fn(&'a mut Db) -> BoxFuture<'a, Result<(), BoxError>> + Send + Sync;

/// The body of a migration, up or down.
#[derive(Clone)]
pub enum Body {
    /// SQL text, rendered for a dialect.
    Sql(SqlBody),
    /// Code that uses a [`Db`].
    Code(CodeBody),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sql(_) => "Sql",
            Self::Code(_) => "Code",
        })
    }
}

impl Body {
    /// Returns its SQL in `dialect`; `None` for code.
    pub(crate) fn text(&self, dialect: Dialect) -> Result<Option<String>, Panicked> {
        match self {
            Self::Sql(sql) => Ok(Some(sql.render(dialect)?.into_text().into_owned())),
            Self::Code(_) => Ok(None),
        }
    }

    fn apart(&self) -> Self {
        match self {
            Self::Sql(sql) => Self::Sql(sql.apart()),
            Self::Code(code) => Self::Code(code.clone()),
        }
    }

    fn forget(&self) {
        match self {
            Self::Sql(sql) => sql.forget(),
            Self::Code(_) => {}
        }
    }
}

/// A body that returns SQL. Its function is called once per run and dialect, and the result is kept: the same text is
/// checked, run, hashed and recorded, even if the function would return another text the next time.
#[derive(Clone)]
pub struct SqlBody {
    make: Arc<BoxedSql>,
    made: Arc<Mutex<BTreeMap<Dialect, Made>>>,
}

impl SqlBody {
    fn new(make: impl Fn(Dialect) -> Sql + Send + Sync + 'static) -> Self {
        Self { make: Arc::new(make), made: Arc::default() }
    }

    /// Returns the text for `dialect`.
    ///
    /// # Errors
    ///
    /// [`Panicked`], if the function panicked.
    pub fn render(&self, dialect: Dialect) -> Result<Sql, Panicked> {
        if let Some(made) = self.made().get(&dialect) {
            return made.clone();
        }
        // Not called under the lock, because the function may be slow.
        let sql = Panicked::catch(|| (self.make)(dialect));
        self.made().entry(dialect).or_insert(sql).clone()
    }

    /// Returns the same body, which does not share its results with others.
    fn apart(&self) -> Self {
        Self { make: Arc::clone(&self.make), made: Arc::default() }
    }

    /// Forgets the results of the function.
    fn forget(&self) {
        self.made().clear();
    }

    fn made(&self) -> MutexGuard<'_, BTreeMap<Dialect, Made>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SqlBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqlBody")
    }
}

/// A body that runs code.
#[derive(Clone)]
pub struct CodeBody(Arc<BoxedCode>);

impl CodeBody {
    /// Runs the code. A panic is an error like any other.
    pub(crate) async fn run(&self, db: &mut Db) -> Result<(), BoxError> {
        let outcome = Panicked::catch_async(|| (self.0)(db)).await?;
        outcome.map_err(Panicked::check)
    }
}

impl fmt::Debug for CodeBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeBody")
    }
}

/// A type that can be a migration's body. `Shape` tells the forms apart and is always inferred.
///
/// SQL itself, `fn() -> impl IntoSql`, `fn(Dialect) -> impl IntoSql`, and
/// `async fn(&mut Db) -> Result<(), E>`.
#[diagnostic::on_unimplemented(
    message = "this cannot be a migration's body",
    label = "expected SQL, `fn() -> impl IntoSql`, `fn(Dialect) -> impl IntoSql` or `async fn(&mut Db) -> Result<()>`"
)]
pub trait IntoBody<Shape> {
    /// Returns the body.
    fn into_body(self) -> Body;
}

/// The forms a body may have, as types for [`IntoBody`].
pub mod shape {
    /// SQL itself.
    #[derive(Debug)]
    pub struct Text;
    /// `fn() -> impl IntoSql`
    #[derive(Debug)]
    pub struct Function;
    /// `fn(Dialect) -> impl IntoSql`
    #[derive(Debug)]
    pub struct PerDialect;
    /// `async fn(&mut Db) -> Result<(), E>`
    #[derive(Debug)]
    pub struct Code;
}

impl<T: IntoSql> IntoBody<shape::Text> for T {
    fn into_body(self) -> Body {
        let sql = self.into_sql();
        Body::Sql(SqlBody::new(move |_| sql.clone()))
    }
}

impl<F, S> IntoBody<shape::Function> for F
where
    F: Fn() -> S + Send + Sync + 'static,
    S: IntoSql,
{
    fn into_body(self) -> Body {
        Body::Sql(SqlBody::new(move |_| self().into_sql()))
    }
}

impl<F, S> IntoBody<shape::PerDialect> for F
where
    F: Fn(Dialect) -> S + Send + Sync + 'static,
    S: IntoSql,
{
    fn into_body(self) -> Body {
        Body::Sql(SqlBody::new(move |dialect| self(dialect).into_sql()))
    }
}

impl<F> IntoBody<shape::Code> for F
where
    F: for<'a> CodeFn<'a> + Send + Sync + 'static,
{
    fn into_body(self) -> Body {
        Body::Code(CodeBody(Arc::new(move |db| self.call(db))))
    }
}

/// An `async fn(&mut Db) -> Result<(), E>`. It needs its own trait because the future borrows the argument and must be
/// `Send`, which no closure bound of stable Rust can express.
pub trait CodeFn<'a> {
    /// Starts the code.
    fn call(&self, db: &'a mut Db) -> BoxFuture<'a, Result<(), BoxError>>;
}

impl<'a, F, R, E> CodeFn<'a> for F
where
    F: Fn(&'a mut Db) -> R,
    R: Future<Output = Result<(), E>> + Send + 'a,
    E: Into<BoxError>,
{
    fn call(&self, db: &'a mut Db) -> BoxFuture<'a, Result<(), BoxError>> {
        let running = self(db);
        Box::pin(async move { running.await.map_err(Into::into) })
    }
}

/// How a migration is undone.
#[derive(Clone, Debug)]
pub enum Down {
    /// By this body.
    Body(Body),
    /// By SQL that is derived from the migration's `up`.
    Derived(Derived),
    /// Not at all: `down = irreversible`.
    Irreversible,
    /// There is nothing to undo: data migrations without `down`.
    Nothing,
}

impl Down {
    fn apart(&self) -> Self {
        match self {
            Self::Body(body) => Self::Body(body.apart()),
            Self::Derived(derived) => Self::Derived(*derived),
            Self::Irreversible => Self::Irreversible,
            Self::Nothing => Self::Nothing,
        }
    }
}

/// Returns a migration's bodies, which do not share their results with others.
pub(crate) fn apart(up: &Body, down: &Down) -> (Body, Down) {
    (up.apart(), down.apart())
}

/// Forgets the results of a migration's bodies, so that they are rendered again.
pub(crate) fn forget(up: &Body, down: &Down) {
    up.forget();
    match down {
        Down::Body(body) => body.forget(),
        Down::Derived(_) | Down::Irreversible | Down::Nothing => {}
    }
}

/// The SQL of a derived `down`, for each dialect in which it was derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived(&'static [(Dialect, &'static str)]);

impl Derived {
    pub(crate) const fn new(by_dialect: &'static [(Dialect, &'static str)]) -> Self {
        Self(by_dialect)
    }

    /// Returns the text for `dialect`; `None` if none was derived in it.
    pub fn text(&self, dialect: Dialect) -> Option<&'static str> {
        self.0.iter().find(|(of, _)| *of == dialect).map(|(_, text)| *text)
    }
}
