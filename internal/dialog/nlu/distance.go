package nlu

import "unicode/utf8"

// nearWord tells whether two words differ by one typing mistake, or by two when
// they are long: a letter too many, missing, wrong, or two letters swapped. Short
// words must be equal.
func nearWord(a, b string) bool { return distance([]rune(a), []rune(b), mistakes(a)) <= mistakes(a) }

// mistakes is how many a word of this length may have.
func mistakes(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 4:
		return 0
	case n < 8:
		return 1
	}
	return 2
}

// distance is the number of mistakes (optimal string alignment); when it is more
// than limit, some number above limit.
func distance(a, b []rune, limit int) int {
	if diff := len(a) - len(b); diff > limit || -diff > limit {
		return limit + 1
	}
	if limit == 0 {
		if string(a) == string(b) {
			return 0
		}
		return 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i, letter := range a {
		row[0] = i + 1
		least := row[0]
		for j, other := range b {
			cost := 1
			if letter == other {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && letter == b[j-1] && a[i-1] == other {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
