package dialog

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMatcherIsSafeForConcurrentUse is for the race detector.
func TestMatcherIsSafeForConcurrentUse(t *testing.T) {
	m := newTestMatcher(t, Vocabulary{Language: "ru", Named: definePatterns("N = ({a b}|$regexp<\\d+>|~машина)"),
		Dictionaries: []*Dictionary{cityDictionary(false)}, Entities: fakeEntities{"e": {{Start: 0, End: 1, Value: 1}}}})
	pattern := compilePattern(t, m, "[@e] * $N * $regexp<(\\d)\\1> [$entity<City>] *")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			late, _ := ParsePattern(NewSource("* $entity<City> *", Pos{}))
			ad, _ := m.Compile(late)
			for range 50 {
				matches, err := m.Input("a b машину 17, 22 москва").Match(context.Background(), pattern, ad)
				if err != nil || len(matches) != 2 {
					t.Errorf("%v %v", matches, err)
					return
				}
			}
		})
	}
	group.Wait()
}

// TestBacktrackingIsBounded: an expression that explodes gives up and costs one
// time-out for the request, not one for each stretch of text.
func TestBacktrackingIsBounded(t *testing.T) {
	m := ruMatcher(t)
	text := strings.Repeat("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ", 20)
	start := time.Now()
	if matchOne(t, m, `* $regexp<((a|aa)+)+(?=b)\1c> *`, text) != nil {
		t.Error("matched")
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	if matchOne(t, m, `* $regexp<(a)\1+> *`, text) == nil {
		t.Error("an expression within the limits must match")
	}
}
