package dialog

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley/internal/dialog/nlu"
)

// friday is the day of the vendor's examples.
func friday() time.Time { return time.Date(2020, 6, 19, 10, 30, 0, 0, time.UTC) }

// understand gives the understanding of a project with an export.
func understand(t testing.TB, language, export string) *Understanding {
	t.Helper()
	p, found := Load(fstest.MapFS{
		"chatbot.yaml":      {Data: []byte("name: t\nentryPoint: main.sc\nbotEngine: v2\nlanguage: " + language + "\n")},
		"src/main.sc":       {Data: []byte("theme: /\n    state: A\n        q!: a\n")},
		"caila_import.json": {Data: []byte(export)},
	}, Options{})
	if HasErrors(found) {
		t.Fatalf("the project does not load: %v", found)
	}
	return p.Understanding()
}

func texts(found []nlu.Found) string {
	var parts []string
	for _, f := range found {
		parts = append(parts, f.Text+"="+string(f.Value))
	}
	return strings.Join(parts, " ; ")
}

// script-api 2.6: values of system entities.
func TestSystemEntities(t *testing.T) {
	for _, c := range []struct{ language, entity, text, want string }{
		{"ru", "duckling.number", "хочу 5 билетов и 2,5 кг", "5=5 ; 2,5=2.5"},
		{"ru", "duckling.number", "двадцать пять тысяч триста два рубля", "двадцать пять тысяч триста два=25302"},
		{"ru", "duckling.number", "сто билетов, двух детей", "сто=100 ; двух=2"},
		{"ru", "duckling.number", "пять двадцать", "пять=5 ; двадцать=20"},
		{"ru", "duckling.number", "1 000 000 и 3 млн", "1 000 000=1000000 ; 3 млн=3000000"},
		{"ru", "duckling.number", "на улице -5", "-5=-5"},
		{"ru", "duckling.number", "тысяча и полтора", "тысяча=1000 ; полтора=1.5"},
		{"ru", "duckling.number", "привет", ""},
		{"en", "duckling.number", "twenty-five or one hundred and five", "twenty-five=25 ; one hundred and five=105"},
		{"en", "duckling.number", "1,250 dollars, 3.14", "1,250=1250 ; 3.14=3.14"},
		{"en", "duckling.number", "two million three hundred thousand", "two million three hundred thousand=2300000"},
		{"ru", "duckling.ordinal", "второй этаж, двадцать первого 5-го", "второй=2 ; двадцать первого=21 ; 5-го=5"},
		{"en", "duckling.ordinal", "the third and 21st", "third=3 ; 21st=21"},
		{"ru", "duckling.email", "мой адрес ivan.petrov+1@mail.example.ru, пишите", `ivan.petrov+1@mail.example.ru="ivan.petrov+1@mail.example.ru"`},
		{"ru", "duckling.email", "@ivan a@b", ""},
		{"ru", "duckling.phone-number", "звоните +7 (999) 123-45-67.", `+7 (999) 123-45-67="+79991234567"`},
		{"ru", "duckling.phone-number", "номер 89991234567 или 5", `89991234567="89991234567"`},
		{"en", "duckling.phone-number", "call 555-123-4567 now", `555-123-4567="5551234567"`},
		{"en", "duckling.url", "see https://example.com/a?b=c, example.org or sentence.end", `https://example.com/a?b=c={"value":"https://example.com/a?b=c","domain":"example.com"} ; example.org={"value":"example.org","domain":"example.org"}`},
		{"ru", "duckling.duration", "на 2 часа 30 минут", `2 часа 30 минут={"value":150,"unit":"minute","normalized":{"value":9000,"unit":"second"}}`},
		{"ru", "duckling.duration", "полчаса", `полчаса={"value":30,"unit":"minute","normalized":{"value":1800,"unit":"second"}}`},
		{"ru", "mystem.persn", "меня зовут иван, это для Марины", `иван="иван" ; Марины="Марины"`},
		{"ru", "pymorphy.surn", "это Иван Петрович Сидоров", `Сидоров="Сидоров"`},
		{"ru", "pymorphy.surn", "Зови меня Валентино Росси", `Росси="Росси"`},
		{"ru", "pymorphy.patr", "Анна Сергеевна", `Сергеевна="Сергеевна"`},
		{"ru", "mystem.geo", "погода в москве и Нижнем Новгороде, потом в Саратове", `москве="Москва" ; Нижнем Новгороде="Нижний Новгород" ; Саратове="Саратов"`},
		{"en", "pymorphy.geox", "flights to New York", `New York="New York"`},
		{"ru", "duckling.amount-of-money", "до 5 тысяч рублей или $20", `5 тысяч рублей={"value":5000,"unit":"RUB"} ; $20={"value":20,"unit":"USD"}`},
		{"en", "duckling.duration", "for a week", `a week={"value":1,"unit":"week","normalized":{"value":604800,"unit":"second"}}`},
	} {
		u := understand(t, c.language, "{}")
		if got := texts(u.Named(c.text, c.entity, friday())); got != c.want {
			t.Errorf("%s in %q:\n got %s\nwant %s", c.entity, c.text, got, c.want)
		}
	}
}

// script-api 2.6; the first rows are those of the vendor's page about Duckling.
func TestMoments(t *testing.T) {
	for _, c := range []struct{ language, text, want string }{
		{"en", "tomorrow at 15", "2020-06-20T15:00:00"},
		{"en", "on Tuesday", "2020-06-23T00:00:00"},
		{"en", "at noon", "2020-06-19T12:00:00"},
		{"ru", "завтра", "2020-06-20T00:00:00"}, {"ru", "послезавтра в 9:30", "2020-06-21T09:30:00"},
		{"ru", "вчера вечером", "2020-06-18T18:00:00"}, {"ru", "завтра в 7 вечера", "2020-06-20T19:00:00"},
		{"ru", "в пятницу", "2020-06-26T00:00:00"}, {"ru", "в следующий вторник", "2020-06-23T00:00:00"},
		{"ru", "в прошлую среду", "2020-06-17T00:00:00"}, {"ru", "5 мая", "2021-05-05T00:00:00"},
		{"ru", "двадцать первого июля в пять часов", "2020-07-21T05:00:00"}, {"ru", "1 сентября 2022 года", "2022-09-01T00:00:00"},
		{"ru", "31.12.2020", "2020-12-31T00:00:00"}, {"ru", "2021-03-08", "2021-03-08T00:00:00"}, {"ru", "15.07", "2020-07-15T00:00:00"},
		{"ru", "через 2 дня", "2020-06-21T00:00:00"}, {"ru", "через неделю", "2020-06-26T00:00:00"},
		{"ru", "через два часа", "2020-06-19T12:30:00"}, {"ru", "через полчаса", "2020-06-19T11:00:00"},
		{"ru", "3 дня назад", "2020-06-16T00:00:00"}, {"ru", "в 15:45", "2020-06-19T15:45:00"}, {"ru", "в 3 часа дня", "2020-06-19T15:00:00"},
		{"ru", "в 18.30", "2020-06-19T18:30:00"}, {"ru", "в 10 утра в субботу", "2020-06-20T10:00:00"},
		{"ru", "на следующей неделе", "2020-06-22T00:00:00"}, {"ru", "в августе", "2020-08-01T00:00:00"},
		{"ru", "31.02.2021", ""}, {"ru", "я хочу 2 билета", ""}, {"ru", "часы", ""}, {"ru", "два часа", ""},
		{"en", "next friday", "2020-06-26T00:00:00"}, {"en", "May 5th, 2021", "2021-05-05T00:00:00"}, {"en", "the 3rd of July", "2020-07-03T00:00:00"},
		{"en", "in two weeks", "2020-07-03T00:00:00"}, {"en", "in 3 hours", "2020-06-19T13:30:00"}, {"en", "5 pm tomorrow", "2020-06-20T17:00:00"},
		{"en", "at half past five", "2020-06-19T05:30:00"}, {"en", "7pm", "2020-06-19T19:00:00"}, {"en", "two days ago", "2020-06-17T00:00:00"},
		{"en", "12/31/2020", "2020-12-31T00:00:00"}, {"en", "the day after tomorrow", "2020-06-21T00:00:00"}, {"en", "last monday", "2020-06-15T00:00:00"},
		{"en", "tomorrow at 3 o'clock", "2020-06-20T03:00:00"}, {"en", "in July", "2020-07-01T00:00:00"}, {"en", "may I come", ""},
	} {
		u := understand(t, c.language, "{}")
		var got []string
		for _, span := range u.Find(c.text, "duckling.date", friday()) {
			value := span.Value.(map[string]any)
			got = append(got, value["value"].(string))
			if len(got) == 1 && (span.Start != 0 || span.End != len(c.text)) {
				t.Errorf("%q: found only %q", c.text, c.text[span.Start:span.End])
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: got %v, want %s", c.text, got, c.want)
		}
	}
}
