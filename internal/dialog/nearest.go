package dialog

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// nearest is the candidate most like name, "" when none is near: at most one
// change in three characters, letter case not counting. Of equals the first wins.
func nearest(name string, candidates []string) string {
	length := utf8.RuneCountInString(name)
	best, bestDistance := "", length/3+1
	name = strings.ToLower(name)
	for _, candidate := range candidates {
		if between := utf8.RuneCountInString(candidate) - length; between >= bestDistance || -between >= bestDistance {
			continue
		}
		if d := editDistance(name, strings.ToLower(candidate), bestDistance); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// didYouMean is the hint for a name that is not known.
func didYouMean(name string, candidates []string) string {
	sort.Strings(candidates)
	if near := nearest(name, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

// editDistance counts inserted, removed, replaced and swapped characters. Long
// names are not compared, their cost is quadratic: they are limit apart.
func editDistance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 200 || len(y) > 200 {
		return limit
	}
	rows := [3][]int{make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(x); i++ {
		before, last, row := rows[0], rows[1], rows[2]
		row[0] = i
		for j := 1; j <= len(y); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+different(x[i-1], y[j-1]))
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		rows = [3][]int{last, row, before}
	}
	return rows[1][len(y)]
}

func different(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
