package script

import "testing"

// TestTreeForConverters: a node without a value has that of its only valued child,
// and the short forms do not show when a converter walks the fields of a node
// (dialog-language 4.5).
func TestTreeForConverters(t *testing.T) {
	bot := load(t, Options{Log: testLog(t)}, map[string]string{"main.sc": `patterns:
    $one = (one:1|two:2)
    $ten = (ten:10|twenty:20)
    $tens = $ten || converter = function(pt) { return pt.value === undefined && Number(pt.ten[0].value); }
    $any = ($one|$tens)
    $sum = $any $any || converter = function(pt) { return Number(pt.any[0].value) + Number(pt.any[1].value); }
    $fields = (field $any) || converter = function(pt) { var names = []; for (var n in pt) if (pt.hasOwnProperty(n)) names.push(n); return names.join() + pt._any; }
    $deep = deep $any $any || converter = function(pt) { return pt.words[0]; }
theme: /
    state: Deep
        q!: $deep
        a: {{$parseTree._one}} {{$parseTree.one.length}} {{$parseTree.any.length}} {{$parseTree._deep}}
    state: Sum
        q!: $sum
        a: {{$parseTree.sum[0].value}} {{$parseTree._sum}} {{$parseTree.value === undefined}}
    state: Fields
        q!: $fields
        a: {{$parseTree._fields}} {{Object.keys($parseTree).join()}}
`})
	c := newTalk(t, bot)
	c.expect("deep one two", "1 2 2 deep")
	c.expect("twenty one", "21 21 true")
	c.expect("field two", "tag,pattern,text,words,any2 tag,pattern,text,words,fields,_fields")
}

// TestInjectorWhileLoading: start-up code sees the $injector of its file
// (dialog-language 1.3).
func TestInjectorWhileLoading(t *testing.T) {
	bot := load(t, Options{Log: testLog(t)}, map[string]string{
		"main.sc":  "require: other.sc\n    injector = {word: \"given\"}\ntheme: /\n    state: A\n        q!: a\n        a: {{word}} {{$injector.word}}\n",
		"other.sc": "init:\n    $global.word = $injector.word;\n",
	})
	newTalk(t, bot).expect("a", "given ")
}
