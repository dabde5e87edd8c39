//! A table whose rows keep their number while they live: channels and consumers are found by it in
//! one step. Deliberately not here: names; whoever names a row keeps its own index.

/// Rows by number; numbers of removed rows are given out again.
#[derive(Debug, Clone)]
pub(super) struct Slab<T> {
    rows: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slab<T> {
    /// Puts a row in and says its number.
    pub(super) fn insert(&mut self, row: T) -> u32 {
        match self.free.pop() {
            Some(number) => {
                self.rows[number as usize] = Some(row);
                number
            }
            None => {
                // Four thousand million live rows do not fit in memory.
                let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
                self.rows.push(Some(row));
                number
            }
        }
    }

    /// The row, if it lives.
    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.rows.get(number as usize)?.as_ref()
    }

    /// The row, if it lives.
    #[inline]
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.rows.get_mut(number as usize)?.as_mut()
    }

    /// Takes a row out; its number may be given out again.
    pub(super) fn remove(&mut self, number: u32) -> Option<T> {
        let row = self.rows.get_mut(number as usize)?.take();
        if row.is_some() {
            self.free.push(number);
        }
        row
    }

    /// Live rows in order of number.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0u32..)
            .zip(&self.rows)
            .filter_map(|(number, row)| Some((number, row.as_ref()?)))
    }

    /// Live rows in order of number, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.iter_mut().flatten()
    }

    /// How many rows live.
    pub(super) fn len(&self) -> usize {
        self.rows.len() - self.free.len()
    }
}
