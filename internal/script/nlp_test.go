package script

import (
	"strconv"
	"strings"
	"testing"
)

const nlpScript = `
theme: /

    init:
        $global.kinds = 'loaded ' + $nlp.conform('рубль', 5);
        $global.cases = [CASES];

    patterns:
        $City = (москва|питер)
        $Two = (два:2|две:2) || converter = function (pt) { return Number(pt.value); }

    state: Run
        q!: run *
        script:
            var out;
            try { out = cases[Number($request.query.slice(4))](); } catch (e) { out = 'error: ' + e.message; }
            $reactions.answer(typeof out === 'string' ? out : JSON.stringify(out));

    state: Buy
        q!: [хочу] купить $Two билета

        state: Sure
            q: (да|конечно)

    state: City
        q!: * $City *
`

// TestNLP: script-api 2.5, 2.6.
func TestNLP(t *testing.T) {
	cases := []struct{ code, want string }{
		{`kinds`, `loaded рублей`},
		{`$nlp.inflect('Москва', 'loct')`, `Москве`},
		{`$nlp.inflect('город', ['plur', 'gent'])`, `городов`},
		{`$nlp.inflect('город', 'plur', 'gent')`, `городов`},
		{`$nlp.inflect('двадцать', 'Anum')`, `двадцатый`},
		{`$nlp.inflect('дом', 'nonsense')`, `дом`},
		{`$nlp.inflect(null, 'gent')`, ``},
		{`[1,2,5,11,21,0,'3',1.5].map(function (n) { return $nlp.conform('рубль', n); }).join()`, `рубль,рубля,рублей,рублей,рубль,рублей,рубля,рубля`},
		{`$nlp.conform('ticket', 2)`, `tickets`},
		{`$nlp.conform('рубль', 'many')`, `error: conform needs a number`},
		{`$nlp.parseMorph('шёл').normalForm`, `идти`},
		{`$nlp.parseMorph('людей').grammemes.indexOf('gent') > 0`, `true`},
		{`$nlp.parseMorph('!')`, `null`},
		{`$nlp.tokenize('Привет, Мир-труд!')`, `["Привет","Мир-труд"]`},
		{`[$nlp.checkVocabulary('людьми', 'ru'), $nlp.checkVocabulary('абырвалгус', 'ru')]`, `[true,false]`},
		{`$nlp.fixKeyboardLayout('ghbdtn, мир')`, `привет, мир`},
		{`$caila.inflect('Казань', ['gent'])`, `Казани`},
		{`$caila.conform('билет', 3)`, `билета`},
		{`$caila.markup('Люди идут').words[1]`, `{"annotations":{"lemma":"идти","pos":"VERB"},"startPos":5,"endPos":9,"pattern":false,"punctuation":false,"source":"идут","word":"идут"}`},
		{`$nlp.match('хочу купить два билета', '/').targetState`, `/Buy`},
		{`$nlp.match('хочу купить два билета', '/').parseTree._Two`, `2`},
		{`$nlp.match('хочу купить два билета', '/').parseTree.Two[0].startPos`, `2`},
		{`$nlp.match('хочу купить два билета', '/').parseTree._Root`, `хочу купить два билета`},
		{`(function (tree) { var fields = []; for (var key in tree) fields.push(key); return fields.join(); })($nlp.match('хочу купить два билета', '/').parseTree)`, `tag,pattern,text,words,startPos,endPos,Two,_Two`},
		{`$nlp.match('да', '/')`, `null`},
		{`$nlp.match('да', '/Buy').targetState`, `/Buy/Sure`},
		{`$nlp.match('москва', '/Buy', true)`, `null`},
		{`$nlp.match('москва', '/Buy').pattern`, `* $City *`},
		{`$nlp.match('москва', '/').nBest.length`, `1`},
		{`$nlp.match('москва', '/').nluResults.patterns[0].clazz`, `/City`},
		{`$nlp.matchPatterns('едем в москва', ['* $City', 'едем *']).pattern`, `* $City`},
		{`$nlp.matchPatterns('две', ['$Two']).parseTree._Two`, `2`},
		{`$nlp.matchPatterns('две', ['нет'])`, `null`},
		{`$nlp.matchPatterns('две', ['(нет']).score`, `error: $nlp.matchPatterns:1:1: error`},
		{`$nlp.matchExamples('хочу купить билет', ['закажи пиццу', 'купить билет']).example`, `купить билет`},
		{`$nlp.matchExamples('хочу купить билет', ['закажи пиццу', 'купить билет']).aligned`, `2`},
		{`$nlp.matchExamples('привет', ['закажи пиццу'])`, `null`},
	}
	code := ""
	for _, c := range cases {
		code += "function () { return " + c.code + "; }, "
	}
	bot := load(t, Options{Log: testLog(t)}, map[string]string{
		"main.sc": strings.Replace(nlpScript, "CASES", code, 1), "chatbot.yaml": "name: nlp\nentryPoint: main.sc\nlanguage: ru\n",
	})
	for i, c := range cases {
		got := strings.Join(newTalk(t, bot).say("run "+strconv.Itoa(i)), "|")
		if got != c.want && !(strings.HasPrefix(c.want, "error: $") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: %s, want %s", c.code, got, c.want)
		}
	}
}
