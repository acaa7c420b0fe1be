package dialog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// load loads one source and fails on errors.
func load(t *testing.T, source string) *Project {
	t.Helper()
	p, found := loadFile(source)
	if HasErrors(found) {
		t.Fatalf("the project has errors: %v", found)
	}
	return p
}

// reachable lists the targets of the active triggers of a kind.
func reachable(p *Project, context string, kind TriggerKind) string {
	var targets []string
	for _, c := range p.Active(context, kind) {
		targets = append(targets, fmt.Sprintf("%s:%d", c.Trigger.Target(), c.Distance))
	}
	return strings.Join(targets, " ")
}

// TestLocality is acceptance check 10a.2: the tree A(B(C, D), E(F)).
func TestLocality(t *testing.T) {
	p := load(t, `theme: /
    state: A
        q: a
        state: B
            q: b
            state: C
                q: c
            state: D
                q: d
        state: E
            q: e
            state: F
                q: f
`)
	cases := []struct{ context, want string }{
		{"/A/B/C", "/A:3 /A/B:2 /A/B/C:1 /A/B/D:1 /A/E:2"},
		{"/A/E", "/A:2 /A/B:1 /A/E:1 /A/E/F:0"},
		{"/A", "/A:1 /A/B:0 /A/E:0"},
		{"/", "/A:0"},
		{"/A/B/C/Gone", "/A:4 /A/B:3 /A/B/C:2 /A/B/D:2 /A/E:3"},
		{"/AB", "/A:1"},
	}
	for _, c := range cases {
		if got := reachable(p, c.context, TriggerPattern); got != c.want {
			t.Errorf("from %s: got %s, want %s", c.context, got, c.want)
		}
	}
}

// TestThemeIsAContext: a trigger in a theme is active only inside the theme.
func TestThemeIsAContext(t *testing.T) {
	p := load(t, `theme: /
    state: Everywhere
        q: a
theme: /City
    state: Local
        q: b
    state: Deep
        state: Below
            q: c
`)
	cases := []struct{ context, want string }{
		{"/", "/Everywhere:0"},
		{"/City", "/Everywhere:1 /City/Local:0"},
		{"/City/Deep", "/Everywhere:2 /City/Local:1 /City/Deep/Below:0"},
		{"/Everywhere", "/Everywhere:1"},
	}
	for _, c := range cases {
		if got := reachable(p, c.context, TriggerPattern); got != c.want {
			t.Errorf("from %s: got %s, want %s", c.context, got, c.want)
		}
	}
}

// TestThemeTrigger: a trigger line with toState may stand in a theme and is
// active while the context lies in it (3.2, 5.1).
func TestThemeTrigger(t *testing.T) {
	p := load(t, `theme: /
    q: home || toState = /Start
    event: noMatch || toState = /Start
    state: Start
        a: start
theme: /City
    q: leave || toState = ../Start
    intent: /Bye || toState = /Start
    q!: everywhere || toState = ./Map
    state: Map
        a: map
`)
	cases := []struct {
		context string
		kind    TriggerKind
		want    string
	}{
		{"/", TriggerPattern, "/Start:0 /City/Map:0"},
		{"/Start", TriggerPattern, "/Start:1 /City/Map:1"},
		{"/City/Map", TriggerPattern, "/Start:2 /Start:1 /City/Map:1"},
		{"/City/Map", TriggerIntent, "/Start:1"},
		{"/Start", TriggerIntent, ""},
		{"/City", TriggerEvent, "/Start:1"},
	}
	for _, c := range cases {
		var names []string
		for _, found := range p.Active(c.context, c.kind) {
			names = append(names, fmt.Sprintf("%s:%d", found.Trigger.Target(), found.Distance))
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s from %s: got %q, want %q", c.kind, c.context, got, c.want)
		}
	}
}

// TestThemeTriggerNeedsTarget: a theme cannot be entered, so a line without
// toState is an error there, with or without other parameters.
func TestThemeTriggerNeedsTarget(t *testing.T) {
	p, found := Load(fstest.MapFS{
		"chatbot.yaml": {Data: []byte("entryPoint: main.sc\n")},
		"src/main.sc":  {Data: []byte("theme: /\n    q: a || fromState = /One\n    event!: b\n    state: One\n        q: c\nq: d || toState = /One\n")},
	}, Options{})
	var places []int
	for _, d := range found {
		if d.Code == "misplaced-tag" && d.Severity == Error {
			places = append(places, d.Line)
		}
	}
	if !slices.Equal(places, []int{2, 3, 6}) || len(p.Triggers) != 1 {
		t.Errorf("errors in the lines %v, want 2, 3 and 6; %d triggers, want 1", places, len(p.Triggers))
	}
}

func TestTriggerParameters(t *testing.T) {
	p := load(t, `theme: /
    state: A
        q: far || fromState = "/B"
        q: exact || fromState = /B, onlyThisState = true
        q: list || fromState = ["/B/C", "/B"]
        q!: global || fromState = /B
        q: leave || toState = /B
        q: stay || toState = /B, onlyThisState = true
        q!: everywhere || toState = ./Child
        state: Child
            q: parent || onlyThisState = true
            state: Grandchild
                a: deep
    state: B
        state: C
            a: c
`)
	active := func(context string) string {
		var names []string
		for _, c := range p.Active(context, TriggerPattern) {
			names = append(names, fmt.Sprintf("%s:%d", c.Trigger.Value.Text, c.Distance))
		}
		return strings.Join(names, " ")
	}
	cases := []struct{ context, want string }{
		{"/", "everywhere:0"},
		{"/A", "leave:0 stay:0 everywhere:0 parent:0"},
		{"/A/Child", "leave:1 everywhere:1"},
		{"/B", "far:0 exact:0 list:0 global:0 everywhere:1"},
		{"/B/C", "far:1 list:0 global:1 everywhere:2"},
	}
	for _, c := range cases {
		if got := active(c.context); got != c.want {
			t.Errorf("from %s: got %q, want %q", c.context, got, c.want)
		}
	}
	if to := p.Triggers[6].Target(); to != "/A/Child" {
		t.Errorf("toState leads to %s", to)
	}
}

func TestGlobalDistance(t *testing.T) {
	p := load(t, `theme: /
    state: A
        state: B
            q!: b
            state: C
                a: c
    state: D
        a: d
`)
	for context, want := range map[string]string{
		"/A/B/C": "/A/B:1", "/A/B": "/A/B:0", "/A": "/A/B:0", "/D": "/A/B:2", "/": "/A/B:1", "/AB": "/A/B:2",
	} {
		if got := reachable(p, context, TriggerPattern); got != want {
			t.Errorf("from %s: got %s, want %s", context, got, want)
		}
	}
}

const modalBot = `theme: /
    state: Start
        q!: start
        q: * leave * || fromState = /Book
    state: Book || modal = true
        q!: book
        q: done || toState = /Start
        event: noMatch || toState = "./Again"
        state: Page
            q: page
            q!: anywhere
            state: Line
                q: line
                state: Word
                    q: word
        state: Again
            a: again
    state: Silent || modal = true
        a: silent
    state: Global
        event!: noMatch
`

// TestModal: while the context is a modal state or its child, only what lies
// below it stays active, its toState lines, and lines elsewhere with fromState.
func TestModal(t *testing.T) {
	p := load(t, modalBot)
	cases := []struct{ context, patterns, events string }{
		{"/Book", "/Start:0 /Start:0 /Book/Page:0 /Book/Page:0", "/Book/Again:0"},
		{"/Book/Page", "/Start:1 /Start:1 /Book/Page:1 /Book/Page:0 /Book/Page/Line:0", "/Book/Again:1"},
		{"/Book/Page/Line", "/Start:3 /Start:2 /Book:2 /Start:2 /Book/Page:2 /Book/Page:1 /Book/Page/Line:1 /Book/Page/Line/Word:0", "/Book/Again:2 /Global:3"},
		{"/Silent", "", ""},
	}
	for _, c := range cases {
		if got := reachable(p, c.context, TriggerPattern); got != c.patterns {
			t.Errorf("patterns from %s: got %s, want %s", c.context, got, c.patterns)
		}
		if got := reachable(p, c.context, TriggerEvent); got != c.events {
			t.Errorf("events from %s: got %s, want %s", c.context, got, c.events)
		}
	}
	if _, ok := p.Event("/Silent", EventNoMatch); ok {
		t.Error("a modal state without noMatch must not use the global one")
	}
	if c, ok := p.Event("/Book/Page", EventNoMatch); !ok || c.Trigger.Target() != "/Book/Again" {
		t.Errorf("noMatch inside the modal subtree gives %v", c)
	}
}

func TestEventChoice(t *testing.T) {
	p := load(t, `theme: /
    state: Global
        event!: hello
    state: Local
        event: hello
    state: Second
        event: hello
    state: Deep
        state: Near
            event: hello
        state: Other
            a: x
`)
	for context, want := range map[string]string{
		"/": "/Local", "/Deep": "/Deep/Near", "/Deep/Other": "/Deep/Near", "/Local": "/Local",
		// The global one is as far as the local ones.
		"/Global": "/Global",
	} {
		c, ok := p.Event(context, "hello")
		if !ok || c.Trigger.Target() != want {
			t.Errorf("from %s: got %v, want %s", context, c.Trigger.Target(), want)
		}
	}
	if _, ok := p.Event("/", "Hello"); ok {
		t.Error("names of events are case-sensitive")
	}
}

// TestCatchAll is acceptance check 10a.3: of two catch-alls the local one wins, a
// specific global pattern beats the local catch-all unless the parent is modal.
func TestCatchAll(t *testing.T) {
	source := `theme: /
    state: CatchAll
        q!: *
    state: Order
        q!: * order *
    state: Game%s
        state: Guess
            q: *
`
	cases := []struct{ flag, text, context, want string }{
		{"", "anything", "/Game", "/Game/Guess"},
		{"", "an order", "/Game", "/Order"},
		{" || modal = true", "an order", "/Game", "/Game/Guess"},
		{"", "anything", "/", "/CatchAll"},
	}
	for _, c := range cases {
		p := load(t, fmt.Sprintf(source, c.flag))
		r, found := NewRecogniser(p, nil)
		if HasErrors(found) {
			t.Fatal(found)
		}
		hits, err := r.Hits(context.Background(), r.Input(c.text), c.context)
		if err != nil || len(hits) == 0 {
			t.Fatalf("%s: %v %v", c.text, hits, err)
		}
		if got := hits[0].Trigger.Target(); got != c.want {
			t.Errorf("%q from %s%s: got %s, want %s", c.text, c.context, c.flag, got, c.want)
		}
	}
}

func TestRank(t *testing.T) {
	hit := func(order int, score float64, distance, exact int) Hit {
		return Hit{
			Candidate: Candidate{Trigger: &Trigger{Order: order}, Distance: distance},
			Match:     Match{Score: score, Exact: exact},
		}
	}
	hits := []Hit{
		hit(0, 0.5, 0, 1), hit(1, 0.9, 3, 1), hit(2, 0.9, 1, 1), hit(3, 0.9+1e-9, 1, 2),
		hit(4, 0.9, 1, 2), hit(5, 0.899, 0, 9),
	}
	Rank(hits, 0)
	if got := orders(hits); !slices.Equal(got, []int{3, 4, 2, 1, 5, 0}) {
		t.Errorf("without penalty: %v", got)
	}
	Rank(hits, 0.2)
	if got := orders(hits); !slices.Equal(got, []int{5, 3, 4, 2, 0, 1}) {
		t.Errorf("with penalty: %v", got)
	}
}

func orders(hits []Hit) []int {
	var got []int
	for _, h := range hits {
		got = append(got, h.Trigger.Order)
	}
	return got
}

// TestHitsObeyContext: a search that takes too long can be ended.
func TestHitsObeyContext(t *testing.T) {
	p := load(t, "theme: /\n    state: A\n        q: *\n")
	r, _ := NewRecogniser(p, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Hits(ctx, r.Input("a"), "/"); err == nil {
		t.Error("a cancelled search must fail")
	}
}
