package script

import (
	"strings"
	"testing"
)

// TestLayout checks what real files contain: dialog-language 2, 3.1, dialog-corpus 5.
func TestLayout(t *testing.T) {
	for name, test := range map[string]struct{ main, said string }{
		"CRLF, a mark and no end": {"\ufefftheme: /\r\n    state: A\r\n        q!: go\r\n        a: one\r\n            two", "go>one\ntwo"},
		"tabs":                    {"theme: /\n\tstate: A\n\t\tq!: go\n\t\ta: tabs\n", "go>tabs"},
		"no blanks behind colons": {"theme:/\n  state:A\n    q!:go\n    a:x\n    go!:/B\n  state:B\n    a:y\n", "go>x|y"},
		"comments anywhere":       {"theme: /\n# one\n    state: A\n  # two\n        q!: go\n# three\n        script:\n# four\n            $session.a = 1;\n  # five\n            $session.a++;\n# six\n        a: {{$session.a}}\n", "go>2"},
		"text like a tag":         {"theme: /\n    state: A\n        q!: go\n        a: Choose:\n            tea: one\n            Coffee: two\n            theme: three\n", "go>Choose:\ntea: one\nCoffee: two\ntheme: three"},
		"a pattern in lines":      {"theme: /\n    state: A\n        q!: (go/\n            # inside\n            run/\n            * walk)\n        a: x\n", "run>x;now walk>x"},
		"anonymous states":        {"theme: /\n    state: A\n        q!: go\n        a: a\n        state:\n            q: x\n            a: {{$context.currentState}}\n        state:\n            q: y\n            a: {{$context.currentState}}\n", "go>a;x>/A/1;y>/A/2"},
		"two colons":              {"theme: /\n    state:: A\n        q!: go\n        a: {{$context.currentState}}\n", "go>/A"},
		"an absolute name":        {"theme: /\n    state: /A\n        q!: go\n        a: {{$context.currentState}}\n", "go>/A"},
		"a state in two parts":    {"theme: /\n    state: A\n        q!: go\n        a: one\n    state: A\n        a: two\n        state: B\n            q: b\n            a: b\n", "go>one|two;b>b"},
		"a misspelt parameter":    {"theme: /\n    state: A || noContex = true\n        q!: go\n        a: {{$session.contextPath || \"/\"}}\n", "go>/"},
		"names of all kinds":      {"theme: /\n    state: Что дальше? (2)\n        q!: go\n        a: {{$context.currentState}}\n        go!: ./1\n        state: 1\n            a: one\n", "go>/Что дальше? (2)|one"},
		"the context of a theme":  {"theme: /\n    state: A\n        q!: go\n        go: /City\n    state: Far\n        q: x\n        a: far\ntheme: /City\n    state: Near\n        q: x\n        a: near\n", "go>;x>near"},
		"the last pattern wins":   {"patterns:\n    $P = one\npatterns:\n    $P = two\ntheme: /\n    state: A\n        q!: $P\n        a: x\n    state: No\n        event!: noMatch\n        a: no\n", "one>no;two>x"},
		"a late converter":        {"patterns:\n    $P = (one/two) || converter = late\ninit:\n    function late(node) { return node.text.length; }\ntheme: /\n    state: A\n        q!: $P\n        a: {{$parseTree._P}}\n", "two>3"},
		"a repetition":            {"patterns:\n    $D = $regexp<\\d>\ntheme: /\n    state: A\n        q!: $repeat<$D>\n        a: {{$parseTree.D.length}}\n", "1 2 3>3"},
		"a value":                 {"patterns:\n    $S = (red:1 | green:2)\ntheme: /\n    state: A\n        q!: * (x:past/y:future) $S\n        a: {{$parseTree._Root}} {{$parseTree._S}}\n", "now y green>future 2"},
		"a forbidding weight":     {"theme: /\n    state: A\n        q!: [x $weight<-1>] y\n        a: yes\n    state: No\n        event!: noMatch\n        a: no\n", "y>yes;x y>no"},
		"the better weight":       {"theme: /\n    state: A\n        q!: * go *\n        a: a\n    state: B\n        q!: * go $weight<+0.5> *\n        a: b\n", "go>b"},
		"one word, and some":      {"theme: /\n    state: A\n        q!: say $oneWord\n        a: one\n    state: B\n        q!: say $nonEmptyGarbage\n        a: some\n    state: No\n        event!: noMatch\n        a: no\n", "say x>one;say x y>some;say>no"},
		"go to the root":          {"theme: /\n    state: A\n        q!: go\n        a: a\n        go: /\n        state: B\n            q: b\n            a: b\n    state: No\n        event!: noMatch\n        a: no\n", "go>a;b>no"},
		"a computed target":       {"theme: /\n    state: A\n        q!: go\n        script: $session.to = \"./B\";\n        go!: {{$session.to}}\n        state: B\n            a: b {{[1, 2]}}{{ {a: \"}\"} }}{{null}}\n", "go>b [1,2]{\"a\":\"}\"}"},
		"a block of the editor":   {"theme: /\n    @InputText\n        {\n          \"prompt\" : \"x: y\",\n          \"then\" : \"/A\"\n        }\n    state: A\n        q!: go\n        a: x\n        @Transition\n            {\"then\": \"/B\"}\n    @IntentGroup\n        {\"boundsTo\": \"\"}\n    state: B\n        a: y\n", "go>x"},
		"an else with no blank":   {"theme: /\n    state: A\n        q!: go\n        if: false // never\n            a: x\n        elseif: 1 &&\n              0\n            a: y\n        else:\n            a: z\n", "go>z"},
	} {
		t.Run(name, func(t *testing.T) {
			c := scriptBot(t, test.main)
			for turn := range strings.SplitSeq(test.said, ";") {
				query, want, _ := strings.Cut(turn, ">")
				if got := strings.Join(c.say(query), "|"); got != want {
					t.Errorf("%s: got %q, want %q", query, got, want)
				}
			}
			c.noFailure()
		})
	}
}

// TestRequires checks the parameters of require: dialog-language 1.3.
func TestRequires(t *testing.T) {
	c := newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{
		"main.sc": `require: parts/*.sc
    rootTheme = /Parts
    injector = {
        "who": "parts",
        "deep": {"b": 2}
    }
require: texts.yaml
    var = texts
theme: /
    state: Own
        q!: own
        a: {{$injector.who}} {{$injector.deep.a}} {{$injector.deep.b}} {{texts.hello}}
`,
		"src/parts/one.sc": "theme: /One\n    state: S\n        q!: one\n        a: {{$context.currentState}} {{$injector.who}} {{$injector.deep.a}}{{$injector.deep.b}}\n",
		"src/parts/two.sc": "require: ../lib/deep.js\ntheme: /\n    state: T\n        q!: two\n        a: {{$context.currentState}} {{deep()}}\n",
		"src/lib/deep.js":  "function deep() { return 'deep'; }\n",
		"src/texts.yaml":   "hello: Hello, {{$session.name || \"you\"}}\n",
		"chatbot.yaml":     "name: t\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\ninjector:\n  who: all\n  deep:\n    a: 1\n",
	}))
	c.expect("own", "all 1  Hello, you")
	c.expect("one", "/Parts/One/S parts 12")
	c.expect("two", "/Parts/T deep")
}
