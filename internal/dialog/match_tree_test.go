package dialog

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// outline prints a tree as tag(pattern)=value"text"[children].
func outline(n *ParseNode) string {
	var out strings.Builder
	out.WriteString(n.Tag)
	if n.Tag != n.Pattern {
		out.WriteString("(" + n.Pattern + ")")
	}
	if n.HasValue {
		fmt.Fprintf(&out, "=%v", n.Value)
	}
	fmt.Fprintf(&out, "%q", n.Text)
	if len(n.Children) > 0 {
		var parts []string
		for _, child := range n.Children {
			parts = append(parts, outline(child))
		}
		out.WriteString("[" + strings.Join(parts, " ") + "]")
	}
	return out.String()
}

func TestParseTree(t *testing.T) {
	m := newTestMatcher(t, Vocabulary{Language: "en", Dictionaries: []*Dictionary{cityDictionary(false)},
		Entities: fakeEntities{"duckling.number": {{Start: 2, End: 5, Value: 42}}},
		Named: definePatterns(
			"Numeral = (one:1|two:2|twenty:20)", "Number = $Numeral", "Ordinal = (first:1|second:2) [please:yes]",
			"Text = * $nonEmptyGarbage *", "Route = from $entity<City>::from to $entity<City>::to",
			"Loose = [x]", "Any = *", "Pair = {$Number::n x}")})
	for _, c := range []struct{ pattern, text, want string }{
		{"(x:past/y:future)", "y", `root=future"y"`},
		{"plus", "Plus!", `root"Plus!"`},
		{"$Number::minuend * $Number::subtrahend", "Two minus one",
			`root"Two minus one"[minuend(Number)"Two"[Numeral=2"Two"] subtrahend(Number)"one"[Numeral=1"one"]]`},
		{"$Number::Number1 plus $Number::Number2", "two plus two",
			`root"two plus two"[Number1(Number)"two"[Numeral=2"two"] Number2(Number)"two"[Numeral=2"two"]]`},
		{"* $Ordinal *", "the first, please", `root"the first, please"[Ordinal=yes"first, please"]`},
		{"my name is $Text", "My name is: John Smith", `root"My name is: John Smith"[Text": John Smith"]`},
		{"call me $nonEmptyGarbage::what", "Call me: John Smith!", `root"Call me: John Smith!"[what(nonEmptyGarbage)": John Smith!"]`},
		{"$repeat<$Numeral>", "twenty, one", `root"twenty, one"[Numeral=20"twenty" Numeral=1"one"]`},
		{"$repeat<$Numeral>::d", "one two", `root"one two"[d(Numeral)=1"one" d(Numeral)=2"two"]`},
		{"{$Number::n (go|run)}", "run one", `root"run one"[n(Number)"one"[Numeral=1"one"]]`},
		{"{$Pair y}", "y x one", `root"y x one"[Pair"x one"[n(Number)"one"[Numeral=1"one"]]]`},
		{"* {a {$Numeral b}} *", "a b two", `root"a b two"[Numeral=2"two"]`},
		{"* $Number *", "x two one y", `root"x two one y"[Number"two"[Numeral=2"two"]]`},
		{"$Route", "From  Moscow to столица", ""},
		{"$Route", "from Москва to  Новый Уренгой", `root"from Москва to  Новый Уренгой"[Route"from Москва to  Новый Уренгой"[from(City)=1"Москва" to(City)=2"Новый Уренгой"]]`},
		{"* @duckling.number::n *", "a 042 b", `root=42"a 042 b"[n(duckling.number)=42"042"]`},
		{"* @duckling.number", "a 042", `root=42"a 042"[duckling.number=42"042"]`},
		{"i am $oneWord::name", "I am Bob.", `root"I am Bob."[name(oneWord)"Bob"]`},
		{"* $regexp<\\d+>::n", "a 17", `root"a 17"[n(regexp)"17"]`},
		{"a $Loose b", "a b", `root"a b"[Loose""]`},
		{"a $Any b", "a, c! b", `root"a, c! b"[Any", c!"]`},
		{"$Numeral:x", "one", `root=x"one"[Numeral=1"one"]`},
		{"a:1 b:2", "a b", `root=2"a b"`},
		{"*", "", `root""`},
	} {
		got := matchOne(t, m, c.pattern, c.text)
		if c.want == "" {
			if got != nil {
				t.Errorf("%q matches %q", c.pattern, c.text)
			}
			continue
		}
		if got == nil || outline(got.Tree) != c.want {
			t.Errorf("%q on %q:\n got %s\nwant %s", c.pattern, c.text, outline(got.Tree), c.want)
		}
	}
}

func TestParseNodeViews(t *testing.T) {
	m := enMatcher(t, "Numeral = (one:1|two:2)", "Number = $Numeral", "Op = (plus|minus)")
	got := matchOne(t, m, "$Number::n $Op $Number::n $Number", "One plus TWO one")
	groups := got.Tree.Groups()
	var tags []string
	for _, g := range groups {
		tags = append(tags, fmt.Sprint(g.Tag, len(g.Nodes), g.Nodes[0].Shown()))
	}
	if want := []string{"n21", "Op1plus", "Number11"}; !reflect.DeepEqual(tags, want) {
		t.Errorf("groups %v, want %v", tags, want)
	}
	var order []string
	got.Tree.Walk(func(n *ParseNode) { order = append(order, n.Tag) })
	if want := "Numeral n Op Numeral n Numeral Number root"; strings.Join(order, " ") != want {
		t.Errorf("walk %v", order)
	}
	if want := []string{"one", "plus", "two", "one"}; !reflect.DeepEqual(got.Tree.Words, want) {
		t.Errorf("words %v", got.Tree.Words)
	}
	second := groups[0].Nodes[1]
	if second.Text != "TWO" || second.Start != 2 || second.End != 3 || second.Words[0] != "two" {
		t.Errorf("second node %+v", second)
	}
}

// TestTreesAreIndependent: a runtime writes values into nodes.
func TestTreesAreIndependent(t *testing.T) {
	m := enMatcher(t, "N = (one:1)")
	in := m.Input("one")
	pattern := compilePattern(t, m, "$N")
	first, _ := in.Match(t.Context(), pattern)
	first[0].Tree.Children[0].Value = "changed"
	second, _ := in.Match(t.Context(), pattern)
	if second[0].Tree.Children[0].Value != "1" {
		t.Error("two matches share nodes")
	}
}
