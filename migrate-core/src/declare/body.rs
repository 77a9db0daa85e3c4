//! What a migration does: SQL text or code.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_core::future::BoxFuture;

use crate::db::Db;
use crate::declare::panicked::Panicked;
use crate::sql::{Dialect, IntoSql, Sql};

/// Any error a migration's code may end with.
pub type BoxError = Box<dyn StdError + Send + Sync>;

type BoxedSql = dyn Fn(Dialect) -> Sql + Send + Sync;
/// What a function said, if it did not panic.
type Made = Result<Sql, Panicked>;
type BoxedCode = dyn for<'a> Fn(&'a mut Db) -> BoxFuture<'a, Result<(), BoxError>> + Send + Sync;

/// The body of a migration, up or down.
#[derive(Clone)]
pub enum Body {
    /// SQL text, made for a dialect.
    Sql(SqlBody),
    /// Code over a [`Db`].
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
    /// Its SQL in `dialect`; nothing for code.
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

/// A body that gives SQL. Its function is asked once for each dialect, and what it said is kept: what is checked, run, hashed
/// and recorded is one text, also where the function would say something else the next time. Each run of a graph asks anew.
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
    /// [`Panicked`], if the function did.
    pub fn render(&self, dialect: Dialect) -> Result<Sql, Panicked> {
        if let Some(made) = self.made().get(&dialect) {
            return made.clone();
        }
        // The function may take its time.
        let sql = Panicked::catch(|| (self.make)(dialect));
        self.made().entry(dialect).or_insert(sql).clone()
    }

    /// The same body, which shares nothing of what it is asked with others.
    fn apart(&self) -> Self {
        Self { make: Arc::clone(&self.make), made: Arc::default() }
    }

    /// Forgets what the function has said.
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
    /// Runs it. A panic is an error as any other.
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

/// What can be a migration's body; `Shape` tells the forms apart and is always inferred.
///
/// SQL itself, `fn() -> impl IntoSql`, `fn(Dialect) -> impl IntoSql`, and
/// `async fn(&mut Db) -> Result<(), E>`.
#[diagnostic::on_unimplemented(
    message = "this cannot be a migration's body",
    label = "expected SQL, `fn() -> impl IntoSql`, `fn(Dialect) -> impl IntoSql` or `async fn(&mut Db) -> Result<()>`"
)]
pub trait IntoBody<Shape> {
    /// Gives the body.
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

/// An `async fn(&mut Db) -> Result<(), E>`: a trait of its own because the future borrows the argument and must be
/// `Send`, which no closure bound of stable Rust can say at once.
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
    /// By SQL that was derived from the migration's own.
    Derived(Derived),
    /// It cannot be: `down = irreversible`.
    Irreversible,
    /// There is nothing to undo: data migrations, unless they say otherwise.
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

/// What a migration's bodies have said, apart from what the same bodies have said elsewhere.
pub(crate) fn apart(up: &Body, down: &Down) -> (Body, Down) {
    (up.apart(), down.apart())
}

/// Has a migration's bodies asked anew.
pub(crate) fn forget(up: &Body, down: &Down) {
    up.forget();
    match down {
        Down::Body(body) => body.forget(),
        Down::Derived(_) | Down::Irreversible | Down::Nothing => {}
    }
}

/// The SQL of a `down` that was derived, for each dialect that it was derived in.
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
