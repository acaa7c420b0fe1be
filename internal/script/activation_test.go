package script

import (
	"strings"
	"testing"
)

// shopExport is an export of intents and entities, written for these tests.
const shopExport = `{
  "settings": {"language": "en", "timezone": "UTC"},
  "intents": [
    {"id": 7, "path": "/Order", "phrases": [{"text": "I want to order a cake"}, {"text": "order a cake"}], "answer": "You order.", "customData": "{\"a\":1}"},
    {"path": "/Price", "phrases": [{"text": "what does it cost"}], "answer": "Ten."},
    {"path": "/Faq/Hours", "phrases": [{"text": "when do you open"}], "answer": "At nine."},
    {"path": "/Faq/Place", "phrases": [{"text": "where are you"}], "answer": "Here."},
    {"path": "/Delivery", "phrases": [{"text": "deliver it"}], "patterns": ["* bring * home *"],
      "slots": [{"name": "mail", "entity": "duckling.email", "required": true, "prompts": ["Your address?"]},
                {"name": "what", "entity": "goods", "required": true, "prompts": ["What shall we bring?"], "array": true}]}
  ],
  "faq": [{"intentPath": "/Faq/Hours", "replies": [{"type": "text", "text": "Nine to five."}, {"type": "image", "imageUrl": "http://x/h.png"}]}],
  "entities": [{"entity": {"name": "goods", "enabled": true}, "records": [
    {"type": "synonyms", "rule": ["cake", "pie"], "value": "{\"id\": 1}"}, {"type": "synonyms", "rule": ["tea"], "value": "tea"}]}]
}`

const shopConfig = "name: shop\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\n"

func shop(t *testing.T, config, main string) *talk {
	t.Helper()
	return newTalk(t, load(t, Options{Log: testLog(t), Testing: true}, map[string]string{
		"main.sc": main, "nlu.json": shopExport, "chatbot.yaml": shopConfig + config,
	}))
}

// said is what the bot answers to a text, in a dialog of its own.
func TestIntentTriggers(t *testing.T) {
	main := `
theme: /
    state: Order
        intent!: /Order
        a: order
        state: Price
            intent: /Price
            a: the price of the cake
    state: Faq
        intentGroup!: /Faq
        a: faq {{$context.intent.path}}
    state: Cheap
        q!: * cheap *
        a: cheap
    state: Leave
        intent: /Faq/Place || fromState = ["/Cheap", "/Order/Price"], onlyThisState = true
        a: leave
        state: Home
            a: home
    state: To
        q!: to
        intent: /Price || toState = "/Leave/Home"
        a: to
    state: Match
        event!: match
        a: match {{$context.intent.answer}}
    state: NoMatch
        event!: noMatch
        a: none {{$context.intent === undefined}}
`
	for _, c := range []struct{ name, say, want string }{
		{"dialog-language 3.2: a phrase of an intent", "order a cake", "order"},
		{"5.3: a pattern beats an intent that fits better", "order a cheap cake|", "cheap"},
		{"5.1: a local intent from its parent", "order a cake|what does it cost", "the price of the cake"},
		{"5.3 rule 6: no active state waits for the intent", "what does it cost", "match Ten."},
		{"3.2: a group takes the intents below its path", "when do you open", "faq /Faq/Hours"},
		{"3.2: fromState as a list, the nearer state first", "cheap|where are you", "leave"},
		{"3.2: onlyThisState", "order a cake|where are you", "faq /Faq/Place"},
		{"3.2: toState", "to|what does it cost", "home"},
		{"5.3 rule 6: nothing is recognised", "quite another matter altogether", "none true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := shop(t, "", main)
			var last []string
			for text := range strings.SplitSeq(strings.TrimSuffix(c.say, "|"), "|") {
				last = talk.say(text)
			}
			if got := strings.Join(last, " "); got != c.want {
				t.Errorf("got %q, want %q (failure: %+v)", got, c.want, talk.last.Failure)
			}
		})
	}
}

// TestIntentThresholds: dialog-language 1.2 and 5.3 rule 4.
func TestIntentThresholds(t *testing.T) {
	main := `
theme: /
    state: Order
        intent!: /Order
        a: order
    state: Delivery
        intent!: /Delivery
        a: delivery
    state: None
        event!: noMatch
        a: none
`
	for _, c := range []struct{ name, config, say, want string }{
		{"by default", "", "order cake", "order"},
		{"phrases", "nlp:\n  intentNoMatchThresholds:\n    phrases: 1.1\n", "order a cake", "none"},
		{"phrases leave patterns alone", "nlp:\n  intentNoMatchThresholds:\n    phrases: 1.1\n", "bring it home", "delivery"},
		{"patterns", "nlp:\n  intentNoMatchThresholds:\n    patterns: 1.1\n", "bring it home", "none"},
		{"the older name", "caila:\n  noMatchThreshold: 1.1\n", "order a cake", "none"},
		{"the oldest name", "sts:\n  noMatchThreshold: 1.1\n", "order a cake", "none"},
	} {
		t.Run(c.name, func(t *testing.T) { shop(t, c.config, main).expect(c.say, c.want) })
	}
}

// TestIntentVariables: $context.intent, $context.entities and slots in $parseTree
// (dialog-language 4.5, script-api 1.5 and 1.8).
func TestIntentVariables(t *testing.T) {
	main := `
theme: /
    state: Order
        intent!: /Order
        a: {{EXPR}}
    state: Delivery
        intent!: /Delivery
        a: {{EXPR}}
    state: Event
        event!: hi
        a: {{EXPR}}
    state: Pattern
        q!: * pattern *
        a: {{EXPR}}
`
	order, delivery := "I want to order a cake", "bring the cake and the tea home to ann@example.com"
	for _, c := range []struct{ expression, say, want string }{
		{"$context.intent.id + $context.intent.path + $context.intent.answer + JSON.parse($context.intent.customData).a", order, "7/OrderYou order.1"},
		{"$context.intent.slots.length", order, "0"},
		{"$context.intent.slots[1].name + $context.intent.slots[1].required + $context.intent.slots[1].array", delivery, "whattruetrue"},
		{"$parseTree._mail + $parseTree._what.length + $parseTree._what[0].id + $parseTree._what[1]", delivery, "ann@example.com21tea"},
		{`$parseTree["_duckling.email"]`, delivery, "ann@example.com"},
		{`$parseTree.goods.length + $parseTree.goods[0].text + $parseTree._goods.id`, delivery, "2cake1"},
		{"$parseTree.text + $parseTree.words.length", order, order + "6"},
		{"$entities[0].entity + $entities[0].text + $entities[0].startPos + $entities[0].endPos + $entities[0].value + ($context.entities === $entities)", order, `goodscake1822{"id": 1}true`},
		{"$entities.length", "a pattern of tea", "1"},
		{"$context.intent", "a pattern of tea", ""},
		{"String($context.intent) + $entities.length", "!hi", "undefined0"},
		{"$context.logInfo", order, `{"nlpClass":"/Order","ruleType":"intent","rule":"/Order"}`},
		{"$context.logInfo.ruleType + $context.logInfo.rule", "!hi", "eventhi"},
		{"($context.logInfo = {nlpClass: 1}) && $context.logInfo", order, `{"nlpClass":1}`},
		{"$context.nBest[0].targetState + $context.nBest[0].pattern + $context.nBest[0].score", order, "/Ordernull1"},
		{"$context.nluResults.selected.ruleType + $context.nluResults.selected.clazz + $context.nluResults.intents[0].rule", order, "intent/Order/Order"},
		{"$context.nluResults.intents[0].debugInfo.slots[0].name + $context.nluResults.intents[0].answer + $context.nluResults.intents[0].distance", delivery, "mailundefined0"},
	} {
		t.Run(c.expression, func(t *testing.T) {
			talk := shop(t, "", strings.ReplaceAll(main, "EXPR", c.expression))
			var got string
			if event, ok := strings.CutPrefix(c.say, "!"); ok {
				got = strings.Join(talk.event(event), " ")
			} else {
				got = strings.Join(talk.say(c.say), " ")
			}
			if got != c.want {
				t.Errorf("got %q, want %q (failure: %+v)", got, c.want, talk.last.Failure)
			}
		})
	}
}

// TestSelectNLUResultOfAnyList: dialog-language 5.3 rules 4 and 5.
func TestSelectNLUResultOfAnyList(t *testing.T) {
	main := `
init:
    bind("selectNLUResult", function($context) {
        var r = $context.nluResults, text = $context.request.query;
        $context.temp.sizes = r.patterns.length + "/" + r.examples.length + "/" + r.intents.length + " " + r.selected.ruleType;
        if (text.indexOf("intent") === 0) r.selected = r.intents[0];
        if (text.indexOf("example") === 0) r.selected = r.examples[0];
        if (text.indexOf("best") === 0) r.selected = _.max(_.flatten(_.values(_.omit(r, "selected"))), function(h) { return h.score; });
        if (text.indexOf("moved") === 0) r.selected.clazz = "/Other";
        if (text.indexOf("filtered") === 0) { r.intents = r.intents.slice(1); r.selected = r.intents[0]; }
    });
theme: /
    state: Pattern
        q!: * cake $weight<*0.1>
        q!: * (cake|cost) *
        a: pattern {{$temp.sizes}}
    state: Example
        e!: order a cake please
        a: example {{$context.intent === undefined}}
    state: Intent
        intent!: /Order
        a: intent {{$context.intent.path}}
    state: Price
        intent!: /Price
        a: price
    state: Other
        a: other {{$parseTree.text}}
`
	main = strings.ReplaceAll(main, "        q!: * cake $weight<*0.1>\n", "")
	c := shop(t, "", main)
	c.expect("order a cake", "pattern 1/1/1 pattern")
	c.expect("intent order a cake", "intent /Order")
	c.expect("example order a cake please", "example true")
	c.expect("best order a cake please", "example true")
	c.expect("moved order a cake", "other moved order a cake")
}

// TestFaqReplies: script-api 2.11.
func TestFaqReplies(t *testing.T) {
	main := `
theme: /
    state: Faq
        intentGroup!: /Faq
        script: $faq.pushReplies();
        a: {{$response.replies.length}} {{$response.answer}}
    state: Path
        q!: path *
        script: $faq.pushReplies("/Faq/" + $parseTree.text.split(" ")[1]);
        a: {{$response.replies.length}}
`
	for _, c := range []struct{ say, want string }{
		{"when do you open", "Nine to five.||2 Nine to five."},
		{"where are you", "Here.|1 Here."},
		{"path Hours", "Nine to five.||2"},
		{"path Gone", "0"},
	} {
		if got := strings.Join(shop(t, "", main).say(c.say), "|"); got != c.want {
			t.Errorf("%q: got %q, want %q", c.say, got, c.want)
		}
	}
}

// TestMatch is $nlp.match: script-api 2.5.
func TestMatch(t *testing.T) {
	main := `
patterns:
    $Size = (small:1|large:2) || converter = function(pt) { return Number(pt.value) * 10; }
theme: /
    state: Ask
        q!: ask
        a: {{EXPR}}
        state: Size
            q: * $Size *
            a: size
    state: Other
        q!: * large *
        intent!: /Price
        a: other
`
	for _, c := range []struct{ expression, want string }{
		{`$nlp.match("the large one", "/Ask").targetState`, "/Ask/Size"},
		{`$nlp.match("large", "/").targetState`, "/Other"},
		{`$nlp.match("large", "/Ask", true).targetState + $nlp.match("large", "/Ask", true).nBest.length`, "/Ask/Size1"},
		{`$nlp.match("what does it cost", "/Ask", true)`, ""},
		{`$nlp.match("nothing of the kind at all", "/")`, ""},
		{`$nlp.match("large", "/Ask").parseTree._Size + $nlp.match("large", "/Ask").parseTree._Root + $nlp.match("large", "/Ask").parseTree.text`, "20largelarge"},
		{`$nlp.match("what does it cost", "/").intent.path + $nlp.match("what does it cost", "/").pattern`, "/Pricenull"},
		{`$nlp.match("large cake", "/Ask").pattern + $nlp.match("large cake", "/Ask").entities[0].entity`, "* $Size *goods"},
		{`$nlp.match("large", "/Ask").nluResults.patterns.length`, "2"},
		{`$nlp.match("large", "Size", true).targetState`, "/Ask/Size"},
		{`$nlp.match("ask").targetState + $parseTree.text`, "/Askask"},
	} {
		t.Run(c.expression, func(t *testing.T) {
			shop(t, "", strings.ReplaceAll(main, "EXPR", c.expression)).expect("ask", c.want)
		})
	}
}
