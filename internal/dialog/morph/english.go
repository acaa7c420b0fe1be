package morph

import (
	"slices"
	"strings"
	"sync"
)

// EnglishLemmas gives the dictionary forms of an irregular English word ("bought" is
// "buy", "left" is "leave" and "left"), nil for all others: their endings follow
// rules.
func EnglishLemmas(word string) []string { return irregular()[strings.ToLower(word)] }

// EnglishLemma gives one dictionary form of an English word: that of the irregular
// words, else by the usual endings.
func EnglishLemma(word string) string {
	lower := strings.ToLower(word)
	if lemmas := irregular()[lower]; len(lemmas) > 0 {
		return lemmas[0]
	}
	for _, rule := range englishEndings() {
		base, ok := strings.CutSuffix(lower, rule.ending)
		if ok && len(base) >= 2 && strings.ContainsAny(base, "aeiouy") {
			return rule.lemma(base)
		}
	}
	return lower
}

// englishEnding is an ending and what stands in its place in the lemma; whole is set
// for those that may have taken an "e" or doubled a consonant.
type englishEnding struct {
	ending, instead string
	whole           bool
}

func englishEndings() []englishEnding {
	return []englishEnding{
		{"sses", "ss", false}, {"shes", "sh", false}, {"ches", "ch", false}, {"xes", "x", false}, {"ies", "y", false}, {"ied", "y", false},
		{"ss", "ss", false}, {"us", "us", false}, {"is", "is", false}, {"s", "", false}, {"eed", "eed", false},
		{"ing", "", true}, {"ed", "", true},
	}
}

func (e englishEnding) lemma(base string) string {
	if !e.whole {
		return base + e.instead
	}
	n := len(base)
	last := base[n-1]
	switch {
	case strings.ContainsRune("cvuz", rune(last)) && (n < 2 || base[n-2] != last):
		return base + "e" // dance, love, argue, organize
	case n > 2 && last == base[n-2] && !strings.ContainsRune("lsz", rune(last)):
		return base[:n-1] // stop
	case n >= 2 && strings.ContainsRune("tkd", rune(last)) && strings.ContainsRune("aiou", rune(base[n-2])) && (n < 3 || !strings.ContainsRune("aeiou", rune(base[n-3]))):
		return base + "e" // hate, like, decide
	}
	return base
}

// EnglishConform gives a noun as it stands behind a number: 1 ticket, 2 tickets
// (script-api 2.5). Of a phrase the last word changes.
func EnglishConform(text string, n int64) string {
	if n == 1 || n == -1 {
		return text
	}
	at := strings.LastIndexAny(text, " \t") + 1
	word := text[at:]
	if word == "" {
		return text
	}
	return text[:at] + likeCase(englishPlural(strings.ToLower(word)), word)
}

func englishPlural(word string) string {
	if plural, ok := irregularPlurals[word]; ok {
		return plural
	}
	beforeY := word != "" && len(word) > 1 && !strings.ContainsRune("aeiou", rune(word[len(word)-2]))
	switch {
	case isEnglishPlural(word), slices.Contains(strings.Fields(uncountable), word):
		return word
	case strings.HasSuffix(word, "y") && beforeY:
		return word[:len(word)-1] + "ies"
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"), strings.HasSuffix(word, "z"),
		strings.HasSuffix(word, "ch"), strings.HasSuffix(word, "sh"):
		return word + "es"
	}
	return word + "s"
}

// isEnglishPlural tells whether an irregular plural was given already.
func isEnglishPlural(word string) bool {
	for _, plural := range irregularPlurals {
		if plural == word {
			return true
		}
	}
	return false
}

const uncountable = "advice aircraft clothes clothing deer equipment feedback fish furniture homework information knowledge " +
	"luggage baggage luck money music news offspring rice scissors series sheep shrimp software species traffic trousers jeans water weather work"

// irregularPlurals are nouns that take another plural than "s".
var irregularPlurals = map[string]string{
	"man": "men", "woman": "women", "child": "children", "person": "people", "foot": "feet", "tooth": "teeth", "goose": "geese",
	"mouse": "mice", "louse": "lice", "ox": "oxen", "die": "dice", "penny": "pence", "leaf": "leaves", "knife": "knives", "life": "lives",
	"wife": "wives", "half": "halves", "shelf": "shelves", "self": "selves", "loaf": "loaves", "thief": "thieves", "wolf": "wolves",
	"calf": "calves", "scarf": "scarves", "elf": "elves", "hoof": "hooves", "potato": "potatoes", "tomato": "tomatoes", "hero": "heroes",
	"echo": "echoes", "veto": "vetoes", "cargo": "cargoes", "torpedo": "torpedoes", "analysis": "analyses", "basis": "bases", "crisis": "crises",
	"thesis": "theses", "hypothesis": "hypotheses", "axis": "axes", "oasis": "oases", "diagnosis": "diagnoses", "phenomenon": "phenomena",
	"criterion": "criteria", "datum": "data", "medium": "media", "bacterium": "bacteria", "curriculum": "curricula", "stimulus": "stimuli",
	"nucleus": "nuclei", "cactus": "cacti", "fungus": "fungi", "alumnus": "alumni", "syllabus": "syllabi", "radius": "radii", "index": "indices",
	"appendix": "appendices", "vertex": "vertices", "matrix": "matrices", "quiz": "quizzes", "gentleman": "gentlemen", "businessman": "businessmen",
	"salesman": "salesmen", "policeman": "policemen", "fireman": "firemen", "postman": "postmen", "grandchild": "grandchildren",
	"housewife": "housewives", "bookshelf": "bookshelves", "midwife": "midwives", "passer-by": "passers-by",
}

// irregularVerbs are verbs by their past forms: base, past, past participle (a form
// that equals the base is left out; "/" stands between two forms).
const irregularVerbs = `
arise arose arisen;awake awoke awoken;be am/is/are/was/were been/being;bear bore borne;beat - beaten;become became;begin began begun;
bend bent;bet -;bid -;bind bound;bite bit bitten;bleed bled;blow blew blown;break broke broken;breed bred;bring brought;build built;
burn burnt;buy bought;catch caught;choose chose chosen;cling clung;come came;cost -;creep crept;cut -;deal dealt;dig dug;
do did/does done;draw drew drawn;dream dreamt;drink drank drunk;drive drove driven;eat ate eaten;fall fell fallen;feed fed;feel felt;
fight fought;find found;flee fled;fling flung;fly flew/flies flown;forbid forbade forbidden;forget forgot forgotten;forgive forgave forgiven;
freeze froze frozen;get got gotten;give gave given;go went/goes gone;grind ground;grow grew grown;hang hung;have had/has;hear heard;
hide hid hidden;hit -;hold held;hurt -;keep kept;kneel knelt;know knew known;lay laid;lead led;lean leant;leap leapt;learn learnt;
leave left;lend lent;let -;lie lay lain/lying;light lit;lose lost;make made;mean meant;meet met;mistake mistook mistaken;
misunderstand misunderstood;overcome overcame;overhear overheard;overtake overtook overtaken;pay paid;prove - proven;put -;quit -;read -;
rebuild rebuilt;redo redid redone;repay repaid;resell resold;rewrite rewrote rewritten;ride rode ridden;ring rang rung;rise rose risen;run ran;
say said;see saw seen;seek sought;sell sold;send sent;set -;sew - sewn;shake shook shaken;shine shone;shoot shot;
show - shown;shrink shrank shrunk;shut -;sing sang sung;sink sank sunk;sit sat;sleep slept;slide slid;smell smelt;sow - sown;speak spoke spoken;
speed sped;spell spelt;spend spent;spill spilt;spin spun;split -;spoil spoilt;spread -;spring sprang sprung;stand stood;steal stole stolen;
stick stuck;sting stung;stink stank stunk;strike struck stricken;strive strove striven;swear swore sworn;sweep swept;swell - swollen;
swim swam swum;swing swung;take took taken;teach taught;tear tore torn;tell told;think thought;throw threw thrown;tread trod trodden;
undergo underwent undergone;understand understood;undertake undertook undertaken;undo undid undone;upset -;wake woke woken;wear wore worn;
weave wove woven;weep wept;wet -;win won;wind wound;withdraw withdrew withdrawn;withstand withstood;write wrote written;
can could;may might;will would;shall should;die died/dying;tie tied/tying;good better best;bad worse worst;far farther/further farthest/furthest;
little less least;many more most;saw - sawn`

// alsoLemmas are forms above that are words of their own as well.
const alsoLemmas = "saw left found lay ground wound felt shot bit better less more best might second rose spoke bound light mean last wet fell does"

// irregular gives the lemmas of irregular forms and of their dictionary forms.
var irregular = sync.OnceValue(newIrregular)

func newIrregular() map[string][]string {
	all := map[string][]string{}
	add := func(form, lemma string) {
		if form != "-" && !slices.Contains(all[form], lemma) {
			all[form] = append(all[form], lemma)
		}
	}
	for line := range strings.SplitSeq(irregularVerbs, ";") {
		forms := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\n' || r == '/' })
		add(forms[0], forms[0])
		for _, form := range forms[1:] {
			add(form, forms[0])
		}
	}
	for singular, plural := range irregularPlurals {
		add(singular, singular)
		add(plural, singular)
	}
	for word := range strings.FieldsSeq(alsoLemmas) {
		if _, known := all[word]; known {
			add(word, word)
		}
	}
	return all
}

// EnglishKnown tells whether a word is one of the irregular ones or of those that
// every English text has; there is no larger English dictionary.
func EnglishKnown(word string) bool {
	word = strings.ToLower(word)
	return len(irregular()[word]) > 0 || slices.Contains(strings.Fields(uncountable), word)
}
