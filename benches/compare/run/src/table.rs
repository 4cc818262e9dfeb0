//! Figures, as they are shown.

/// Makes a table in Markdown.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let line = |cells: &[String; N]| format!("| {} |\n", cells.join(" | "));
    let head = line(&head.map(str::to_owned));
    let rows: String = rows.iter().map(line).collect();
    format!("{head}|---{}|\n{rows}", "|---:".repeat(N - 1))
}

/// What was measured in each round.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rounds(Vec<f64>);

impl Rounds {
    pub(crate) fn add(&mut self, measured: f64) {
        self.0.push(measured);
        self.0.sort_by(f64::total_cmp);
    }

    /// Returns the one in the middle, or what lies between the two.
    pub(crate) fn median(&self) -> f64 {
        let all = &self.0;
        match all.len() {
            0 => f64::NAN,
            count if count % 2 == 1 => all[count / 2],
            count => f64::midpoint(all[count / 2 - 1], all[count / 2]),
        }
    }

    /// Writes the median, with the least and the most.
    pub(crate) fn write(&self, digits: usize) -> String {
        let (Some(least), Some(most)) = (self.0.first(), self.0.last()) else {
            return "–".to_owned();
        };
        let median = self.median();
        format!("{median:.digits$} ({least:.digits$}–{most:.digits$})")
    }
}

impl Extend<f64> for Rounds {
    fn extend<T: IntoIterator<Item = f64>>(&mut self, measured: T) {
        measured.into_iter().for_each(|one| self.add(one));
    }
}

impl FromIterator<f64> for Rounds {
    fn from_iter<T: IntoIterator<Item = f64>>(measured: T) -> Self {
        let mut rounds = Self::default();
        rounds.extend(measured);
        rounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((Rounds::from_iter([9.0, 1.0, 2.0]).median() - 2.0).abs() < f64::EPSILON);
        assert!((Rounds::from_iter([4.0, 1.0, 2.0, 9.0]).median() - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_least_and_the_most_are_told() {
        assert_eq!(Rounds::from_iter([3.0, 1.0, 2.0]).write(1), "2.0 (1.0–3.0)");
        assert_eq!(Rounds::default().write(1), "–");
    }

    #[test]
    fn a_table_has_a_line_below_its_head() {
        let shown = table(["a", "b"], &[["1".to_owned(), "2".to_owned()]]);

        assert_eq!(shown, "| a | b |\n|---|---:|\n| 1 | 2 |\n");
    }
}
