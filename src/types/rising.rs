//! A map of what is numbered in rising order.
//!
//! What is put in goes to the end, and is mostly found at once: numbers without a hole between them
//! stand where their distance from the first says. Taking out leaves a gap; when more than half are
//! gaps the list is packed, so that taking many out, in any order, costs no more than linear time.
//! Numbers that come in no order are kept too, but each then moves what lies behind it. All that
//! does not touch the values is one piece of code for all maps of the page.

/// A map by number, ascending.
#[derive(Debug, Clone)]
pub struct Rising<V> {
    /// Ascending, each once; those of gaps as well.
    numbers: Vec<u64>,
    /// As many as numbers, in their order; `None` is a gap.
    rows: Vec<Option<V>>,
    gaps: usize,
}

/// So many gaps are never worth packing.
const GAPS_FREE: usize = 16;

/// Where the number is, or where it would be.
fn find(numbers: &[u64], number: u64) -> Result<usize, usize> {
    let distance = number.wrapping_sub(numbers.first().copied().unwrap_or(0));
    let guess = usize::try_from(distance).unwrap_or(usize::MAX);
    if numbers.get(guess) == Some(&number) {
        return Ok(guess);
    }
    match numbers.last() {
        Some(last) if *last < number => Err(numbers.len()),
        Some(_) | None => numbers.binary_search(&number),
    }
}

impl<V> Rising<V> {
    /// How many entries it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.numbers.len() - self.gaps
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a number.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&V> {
        self.rows.get(find(&self.numbers, number).ok()?)?.as_ref()
    }

    /// The value of a number, to be changed.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut V> {
        let at = find(&self.numbers, number).ok()?;
        self.rows.get_mut(at)?.as_mut()
    }

    /// Puts a value in; one that was there is gone.
    pub fn insert(&mut self, number: u64, value: V) {
        let at = match find(&self.numbers, number) {
            Ok(at) => {
                self.gaps -= usize::from(self.rows[at].is_none());
                self.rows[at] = Some(value);
                return;
            }
            Err(at) => at,
        };
        self.numbers.insert(at, number);
        self.rows.insert(at, Some(value));
    }

    /// Takes an entry out.
    pub fn remove(&mut self, number: u64) -> Option<V> {
        let at = find(&self.numbers, number).ok()?;
        let value = self.rows.get_mut(at)?.take()?;
        self.gaps += 1;
        if self.gaps == self.rows.len() {
            // Nothing but gaps: what comes and goes one by one never has to be packed.
            self.numbers.clear();
            self.rows.clear();
            self.gaps = 0;
        } else if self.gaps * 2 > self.rows.len() + GAPS_FREE {
            let mut rows = self.rows.iter();
            self.numbers
                .retain(|_| rows.next().is_some_and(Option::is_some));
            self.rows.retain(Option::is_some);
            self.gaps = 0;
        }
        Some(value)
    }

    /// The entries, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &V)> {
        let entries = self.numbers.iter().zip(&self.rows);
        entries.filter_map(|(number, row)| Some((*number, row.as_ref()?)))
    }
}

impl<V> Default for Rising<V> {
    fn default() -> Self {
        Self {
            numbers: Vec::new(),
            rows: Vec::new(),
            gaps: 0,
        }
    }
}
