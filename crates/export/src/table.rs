//! What a table is made of: its columns, and where its rows are on a map.

use super::cell::{CellType, Kind, Value};

/// Longitude and latitude, in degrees.
pub type Position = (f64, f64);

/// The columns of a table whose rows are `R`.
pub struct Table<R> {
    pub(crate) columns: Vec<Column<R>>,
    pub(crate) places: Places<R>,
}

/// Where rows are on a map.
pub(crate) enum Places<R> {
    Nowhere,
    /// Each row is a point.
    Points(fn(&R) -> Position),
    /// A row can have another shape.
    Shapes(fn(&R) -> Shape),
}

/// The place of a row on a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A point.
    Point(Position),
    /// A straight line from one point to another, the shorter way round the globe.
    Line(Position, Position),
}

/// A column: its name, its type, and how a cell is read from a row.
pub struct Column<R> {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) may_be_null: bool,
    pub(crate) cell: Getter<R>,
}

type Getter<R> = Box<dyn for<'a> Fn(&'a R) -> Value<'a> + Send>;

impl<R> Table<R> {
    /// A table with these columns, in this order, whose rows have no place on a map.
    pub fn of(columns: Vec<Column<R>>) -> Self {
        Self { columns, places: Places::Nowhere }
    }

    /// The same table, whose rows are points.
    pub fn with_points(self, point: fn(&R) -> Position) -> Self {
        Self { places: Places::Points(point), ..self }
    }

    /// The same table, whose rows have these shapes in GeoJSON, and none in Parquet.
    pub fn with_shapes(self, shape: fn(&R) -> Shape) -> Self {
        Self { places: Places::Shapes(shape), ..self }
    }
}

impl<R> Column<R> {
    /// A column of numbers, times or truth values. The type of the values is the type of the column.
    pub fn of<C: CellType + 'static>(name: &'static str, read: fn(&R) -> C) -> Self
    where
        R: 'static,
    {
        let cell: Getter<R> = Box::new(move |row| read(row).value());
        Self { name, kind: C::KIND, may_be_null: C::MAY_BE_NULL, cell }
    }

    /// A column of texts.
    pub fn text(name: &'static str, read: fn(&R) -> &str) -> Self
    where
        R: 'static,
    {
        let cell: Getter<R> = Box::new(move |row| Value::Text(read(row)));
        Self { name, kind: Kind::Text, may_be_null: false, cell }
    }

    /// A column of texts that can be null.
    pub fn text_or_null(name: &'static str, read: fn(&R) -> Option<&str>) -> Self
    where
        R: 'static,
    {
        let cell: Getter<R> = Box::new(move |row| read(row).map_or(Value::Null, Value::Text));
        Self { name, kind: Kind::Text, may_be_null: true, cell }
    }
}
