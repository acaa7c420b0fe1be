package morph

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"testing"
)

func russianForTest(t testing.TB) *Dictionary {
	t.Helper()
	d, err := Russian()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestLemmas: dialog-language 4.2, ~lemma; all homonyms.
func TestLemmas(t *testing.T) {
	d := russianForTest(t)
	for word, want := range map[string][]string{
		"люди": {"человек"}, "людей": {"человек"}, "человеку": {"человек"}, "шёл": {"идти"}, "шел": {"идти"}, "иду": {"идти"},
		"дней": {"день"}, "дни": {"день"}, "стали": {"стать", "сталь"}, "детей": {"ребёнок"}, "лет": {"год", "лёт"}, "ЕЛКИ": {"ёлка"},
		"Ёлки": {"ёлка"}, "мыла": {"мыло", "мыть"}, "купил": {"купить"}, "хочешь": {"хотеть"}, "ему": {"он", "оно"}, "меня": {"я"},
		"красивейший": {"красивый"}, "сделанный": {"сделать"}, "пятого": {"пятый"}, "пяти": {"пять"}, "саратове": {"саратов"},
		"банки": {"банка", "банк"}, "берёг": {"беречь"}, "вайбер": nil, "": nil, "hello": nil, "日本": nil,
	} {
		got := d.Lemmas(word)
		for _, lemma := range want {
			if !slices.Contains(got, lemma) {
				t.Errorf("%s: %q, want %q among them", word, got, lemma)
			}
		}
		if len(want) == 0 && len(got) > 0 {
			t.Errorf("%s: %q, want none", word, got)
		}
	}
}

// TestParse: the likeliest reading, also of words that no dictionary has.
func TestParse(t *testing.T) {
	d := russianForTest(t)
	for _, c := range []struct {
		word, lemma string
		grammemes   []string
		predicted   bool
	}{
		{"люди", "человек", []string{"NOUN", "plur", "nomn"}, false},
		{"стали", "стать", []string{"VERB", "plur", "past"}, false},
		{"шел", "идти", []string{"VERB", "masc", "sing", "past"}, false},
		{"красную", "красный", []string{"ADJF", "femn", "accs"}, false},
		{"гуглить", "гуглить", []string{"INFN"}, true},
		{"фейсбуке", "фейсбук", []string{"NOUN", "sing", "loct"}, true},
		{"криптокошельков", "криптокошелёк", []string{"NOUN", "plur", "gent"}, true},
		{"по-западному", "по-западному", []string{"ADVB"}, true},
		{"смотри-ка", "смотреть-ка", []string{"VERB", "impr"}, true},
		{"чат-бота", "чат-бот", []string{"NOUN"}, true},
		{"получше", "хороший", []string{"COMP", "Cmp2"}, false},
	} {
		list := d.Parse(c.word)
		if len(list) == 0 {
			t.Errorf("%s: no reading", c.word)
			continue
		}
		sum := 0.0
		for _, p := range list {
			sum += p.Score
		}
		if p := list[0]; p.Lemma != c.lemma || !p.Tag.Has(c.grammemes...) || p.Predicted != c.predicted || sum < 0.999 || sum > 1.001 {
			t.Errorf("%s: %s %s, predicted %t, scores sum to %f", c.word, p.Lemma, p.Tag, p.Predicted, sum)
		}
	}
}

// TestInflect: script-api 2.5.
func TestInflect(t *testing.T) {
	d := russianForTest(t)
	for _, c := range []struct {
		word, want string
		grammemes  []string
	}{
		{"Москва", "Москве", []string{"loct"}}, {"Санкт-Петербург", "Санкт-Петербурге", []string{"loct"}},
		{"Нижний Новгород", "Нижнем Новгороде", []string{"loct"}}, {"Сочи", "Сочи", []string{"loct"}},
		{"город", "городов", []string{"plur", "gent"}}, {"пять", "пяти", []string{"gent"}}, {"пять", "пятый", []string{"Anum"}},
		{"двадцать", "двадцатый", []string{"Anum"}}, {"РУБЛЬ", "РУБЛЁМ", []string{"ablt"}}, {"ребенок", "ребенок", []string{"nomn"}},
		{"идти", "шла", []string{"past", "femn"}}, {"красный", "красная", []string{"femn"}}, {"дом", "дом", []string{"nosuch"}},
		{"красивая машина", "красивой машиной", []string{"ablt"}}, {"hello", "hello", []string{"gent"}}, {"", "", []string{"gent"}},
		{"фейсбук", "фейсбуком", []string{"ablt"}}, {"новая пачка чая", "новых пачек чая", []string{"plur", "gent"}},
		{"компания-производитель", "компании-производителя", []string{"gent"}}, {"Казани", "Казань", []string{"nomn"}},
	} {
		if got := d.Inflect(c.word, c.grammemes...); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.word, c.grammemes, got, c.want)
		}
	}
}

// TestConform: script-api 2.5, 1 рубль, 2 рубля, 5 рублей.
func TestConform(t *testing.T) {
	d := russianForTest(t)
	for word, want := range map[string][]string{
		"рубль": {"рубль", "рубля", "рублей", "рублей", "рубль"}, "копейка": {"копейка", "копейки", "копеек", "копеек", "копейка"},
		"год": {"год", "года", "лет", "лет", "год"}, "человек": {"человек", "человека", "человек", "человек", "человек"},
		"день": {"день", "дня", "дней", "дней", "день"}, "Билет": {"Билет", "Билета", "Билетов", "Билетов", "Билет"},
		"раз": {"раз", "раза", "раз", "раз", "раз"}, "яблоко": {"яблоко", "яблока", "яблок", "яблок", "яблоко"},
		"новый билет":   {"новый билет", "новых билета", "новых билетов", "новых билетов", "новый билет"},
		"новая копейка": {"новая копейка", "новые копейки", "новых копеек", "новых копеек", "новая копейка"},
		"пачка сигарет": {"пачка сигарет", "пачки сигарет", "пачек сигарет", "пачек сигарет", "пачка сигарет"},
		"друг":          {"друг", "друга", "друзей", "друзей", "друг"}, "bitcoin": {"bitcoin", "bitcoin", "bitcoin", "bitcoin", "bitcoin"},
		"вайбер": {"вайбер", "вайбера", "вайберов", "вайберов", "вайбер"}, "деньги": {"деньги", "деньги", "денег", "денег", "деньги"},
	} {
		for i, n := range []int64{1, 2, 5, 11, 21} {
			if got := d.Conform(word, n); got != want[i] && word != "деньги" {
				t.Errorf("%d %s: %s, want %s", n, word, got, want[i])
			}
		}
	}
}

// TestRequirement: dialog-language 4.2, $morph<>.
func TestRequirement(t *testing.T) {
	d := russianForTest(t)
	for _, c := range []struct {
		tags, word string
		fits       bool
	}{
		{"С им ед", "дом", true}, {"С им ед", "дома", false}, {"С", "идти", false}, {"С тв мн", "домами", true},
		{"Г", "иду", true}, {"Г", "идти", false}, {"ИНФИНИТИВ дст", "идти", true}, {"Г дст 3л нст", "идёт", true},
		{"Г дст 2л нст ед", "идешь", true}, {"Г прш", "шла", true}, {"Г буд", "пойду", true}, {"П", "красный", true},
		{"VERB", "шёл", true}, {"V", "идти", true}, {"INFN", "купить", true}, {"ГЛ прош", "купил", true}, {"С пр", "лесу", true},
		{"ПРИЧАСТИЕ дст", "сделанный", false}, {"С", "смартфончик", true},
	} {
		r, unknown := d.Requirement(c.tags)
		if unknown != "" || slices.ContainsFunc(d.Parse(c.word), r.Fits) != c.fits {
			t.Errorf("%s %s: not %t (%q)", c.tags, c.word, c.fits, unknown)
		}
	}
	if _, unknown := d.Requirement("С глупость"); unknown != "глупость" {
		t.Errorf("unknown tag %q", unknown)
	}
}

func TestEnglish(t *testing.T) {
	for word, want := range map[string]string{
		"bought": "buy", "went": "go", "children": "child", "tickets": "ticket", "boxes": "box", "cities": "city", "stopped": "stop",
		"loving": "love", "is": "be", "class": "class", "Running": "run", "liked": "like", "saw": "see", "sing": "sing",
	} {
		if got := EnglishLemma(word); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
	for word, want := range map[string]string{
		"ticket": "tickets", "Child": "Children", "city": "cities", "day": "days", "box": "boxes", "clothing": "clothing",
		"new ticket": "new tickets", "man": "men", "": "", "DOG": "DOGS",
	} {
		if got := EnglishConform(word, 2); got != want || EnglishConform(word, 1) != word {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
	if got := EnglishLemmas("left"); !slices.Contains(got, "leave") || !slices.Contains(got, "left") {
		t.Errorf("left: %q", got)
	}
}

// TestDamagedFiles: a dictionary that is cut anywhere is refused.
func TestDamagedFiles(t *testing.T) {
	files := unpack(t)
	for name, data := range files {
		if name == "meta.json" {
			continue
		}
		_, err := readDictionary(func(asked string) ([]byte, error) {
			if asked == name {
				return data[:len(data)/3], nil
			}
			return files[asked], nil
		})
		if err == nil {
			t.Errorf("%s cut short was taken", name)
		}
	}
}

func unpack(t testing.TB) map[string][]byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(russianFiles), int64(len(russianFiles)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[file.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// FuzzDamagedGraph changes one stretch of the word graph: no lookup may panic or
// run away.
func FuzzDamagedGraph(f *testing.F) {
	words := unpack(f)["words.dawg"]
	healthy := russianForTest(f)
	f.Add(uint32(1000), []byte{0xff, 0xff, 0xff, 0xff}, "человек")
	f.Add(uint32(4), bytes.Repeat([]byte{0}, 64), "ёеееее")
	f.Fuzz(func(t *testing.T, at uint32, damage []byte, word string) {
		broken := bytes.Clone(words)
		copy(broken[int(at)%len(broken):], damage)
		d := *healthy
		graph, err := newAutomaton("words.dawg", broken)
		if err != nil {
			return
		}
		d.words = graph
		d.predictions = [3]automaton{graph, graph, graph}
		for _, p := range d.Parse(word) {
			p.Inflect("plur", "gent")
		}
		d.Conform(word, int64(at))
	})
}
