package dialog

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// benchWords is a vocabulary of invented words.
func benchWords(random *rand.Rand) []string {
	syllables := strings.Fields("ка ро ми ту ла не си во да пе жу ши")
	words := make([]string, 300)
	for i := range words {
		for range 2 + random.IntN(3) {
			words[i] += syllables[random.IntN(len(syllables))]
		}
	}
	return words
}

// benchPatterns are like those of public bots: stars around words, stems,
// alternatives, options, any order, named patterns, a few expressions.
func benchPatterns(b *testing.B, random *rand.Rand, words []string, n int) (*Matcher, []*CompiledPattern) {
	word := func() string { return words[random.IntN(len(words))] }
	var lines []string
	for i := range 20 {
		lines = append(lines, fmt.Sprintf("N%d = (%s|%s|%s*|~%s|%s %s)", i, word(), word(), word()[:6], word(), word(), word()))
	}
	m := newTestMatcher(b, Vocabulary{Language: "ru", Named: definePatterns(lines...)})
	patterns := make([]*CompiledPattern, n)
	for i := range patterns {
		forms := []string{
			fmt.Sprintf("* %s *", word()),
			fmt.Sprintf("* (%s/%s/%s*) * [%s] *", word(), word(), word()[:6], word()),
			fmt.Sprintf("* {(%s|~%s) * $N%d} *", word(), word(), random.IntN(20)),
			fmt.Sprintf("[%s] %s [$N%d] %s", word(), word(), random.IntN(20), word()),
			fmt.Sprintf("* $N%d * ~%s *", random.IntN(20), word()),
			fmt.Sprintf("* $regexp<%s\\d*> *", word()[:6]),
			fmt.Sprintf("{%s [%s] * (%s|%s*)}", word(), word(), word(), word()[:6]),
		}
		patterns[i] = compilePattern(b, m, forms[i%len(forms)])
	}
	return m, patterns
}

func BenchmarkMatch(b *testing.B) {
	for _, size := range []struct{ patterns, words int }{{500, 10}, {500, 60}, {100, 10}, {500, 200}} {
		random := rand.New(rand.NewPCG(5, 6))
		words := benchWords(random)
		m, patterns := benchPatterns(b, random, words, size.patterns)
		texts := make([]string, 50)
		for i := range texts {
			for range size.words {
				texts[i] += words[random.IntN(len(words))] + " "
			}
		}
		name := fmt.Sprintf("%dx%d", size.patterns, size.words)
		run := func(b *testing.B, step func(in *Input) int) {
			hits, rounds := 0, 0
			for b.Loop() {
				hits += step(m.Input(texts[rounds%len(texts)]))
				rounds++
			}
			b.ReportMetric(float64(hits)/float64(rounds), "hits/op")
		}
		b.Run("recognise/"+name, func(b *testing.B) {
			run(b, func(in *Input) int {
				found, _ := in.Recognise(context.Background(), patterns...)
				return len(found)
			})
		})
		b.Run("score/"+name, func(b *testing.B) {
			run(b, func(in *Input) int {
				found, _ := in.Match(context.Background(), patterns...)
				return len(found)
			})
		})
	}
}

func BenchmarkDictionary(b *testing.B) {
	random := rand.New(rand.NewPCG(7, 8))
	words := benchWords(random)
	large := &Dictionary{Name: "City"}
	for i := range 100_000 {
		name := words[random.IntN(300)] + words[random.IntN(300)]
		if i%3 == 0 {
			name += " " + words[random.IntN(300)]
		}
		large.Entries = append(large.Entries, Entry{ID: strconv.Itoa(i), Names: []string{name}})
	}
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			newDictionaryIndex(newTestMatcher(b, Vocabulary{Language: "ru"}), large)
		}
	})
	m := newTestMatcher(b, Vocabulary{Language: "ru", Dictionaries: []*Dictionary{large}})
	pattern := compilePattern(b, m, "* $entity<City> *")
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			matches, _ := m.Input("я живу в городе "+large.Entries[99].Names[0]+" уже пять лет").Match(context.Background(), pattern)
			if len(matches) != 1 {
				b.Fatal("no match")
			}
		}
	})
}
