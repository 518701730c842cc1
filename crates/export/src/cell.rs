//! Cells: their types, and what they hold.

/// A time. What is finer than a microsecond is not written.
pub type Time = chrono::DateTime<chrono::Utc>;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int64,
    Int32,
    Double,
    Time,
    Text,
    Boolean,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    Null,
    Int64(i64),
    Int32(i32),
    Double(f64),
    Time(Time),
    Text(&'a str),
    Boolean(bool),
}

/// The type of a cell that is no text: a number, a time or a truth value, or an `Option` of one.
///
/// Other crates cannot implement it, because they cannot name the types of its items.
pub trait CellType {
    /// The type of the column.
    const KIND: Kind;
    /// Whether the column can be null.
    const MAY_BE_NULL: bool = false;

    /// What the cell holds.
    fn value(self) -> Value<'static>;
}

macro_rules! cell {
    ($type:ty, $kind:ident) => {
        impl CellType for $type {
            const KIND: Kind = Kind::$kind;

            fn value(self) -> Value<'static> {
                Value::$kind(self.into())
            }
        }
    };
}
cell!(i64, Int64);
cell!(i32, Int32);
cell!(i16, Int32);
cell!(f64, Double);
cell!(Time, Time);
cell!(bool, Boolean);

impl<C: CellType> CellType for Option<C> {
    const KIND: Kind = C::KIND;
    const MAY_BE_NULL: bool = true;

    fn value(self) -> Value<'static> {
        self.map_or(Value::Null, C::value)
    }
}
