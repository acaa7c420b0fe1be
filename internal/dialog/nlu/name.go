package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameList gives first names, places and countries of Russian and English in the
// form that is the value. "_" stands for a blank.
type nameList struct{ first, places string }

func names() nameList {
	return nameList{
		first: "Валентино Михаэль Александр Алексей Анатолий Андрей Антон Аркадий Арсений Артем Артур Богдан Борис Вадим Валентин Валерий Василий Виктор Виталий Владимир " +
			"Владислав Всеволод Вячеслав Геннадий Георгий Герман Глеб Григорий Даниил Данила Денис Дмитрий Евгений Егор Захар Иван Игорь Илья Кирилл " +
			"Константин Лев Леонид Макар Максим Марат Марк Матвей Михаил Никита Николай Олег Павел Петр Платон Роман Руслан Савелий Святослав Семен " +
			"Сергей Станислав Степан Тимофей Тимур Федор Филипп Эдуард Юрий Яков Ярослав Рустам Ринат Ильдар Азамат Мурат " +
			"Саша Леша Толя Паша Дима Женя Ваня Коля Костя Миша Петя Сережа Вова Володя Гриша Юра Слава Влад Стас Вася Степа Федя Макс Ден Серега " +
			"Александра Алена Алина Алиса Алла Анастасия Ангелина Анна Антонина Арина Валентина Валерия Варвара Василиса Вероника Виктория Галина Дарья " +
			"Диана Ева Евгения Екатерина Елена Елизавета Жанна Зинаида Зоя Инна Ирина Карина Кира Клавдия Кристина Ксения Лариса Лидия Людмила " +
			"Маргарита Марина Мария Милана Надежда Наталья Наталия Нина Оксана Ольга Полина Раиса Регина Светлана София Софья Таисия Тамара Татьяна Ульяна " +
			"Фаина Элина Эльвира Юлия Яна Аня Катя Лена Маша Наташа Оля Даша Света Таня Юля Ира Настя Ксюша Лиза Люда Надя Полинка Соня " +
			"James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Donald Steven Paul Andrew Joshua " +
			"Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon " +
			"Benjamin Samuel Frank Gregory Raymond Alexander Patrick Jack Dennis Jerry Tyler Aaron Adam Henry Nathan Peter Harry Oliver Oscar Leo Max Tom Tim " +
			"Bob Mike Dave Steve Jim Joe Nick Ben Sam Alex Dan Chris Matt Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy " +
			"Sandra Margaret Ashley Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Kathleen Amy Angela Anna " +
			"Emma Olivia Sophia Isabella Mia Charlotte Amelia Julia Alice Kate Jane Ann Anne Helen Maria Victoria Diana Katherine Natalie Samantha Lucy",
		places: "Москва Санкт-Петербург Питер Новосибирск Екатеринбург Казань Нижний_Новгород Челябинск Самара Омск Ростов-на-Дону Ростов Уфа Красноярск Воронеж " +
			"Пермь Волгоград Краснодар Саратов Тюмень Тольятти Ижевск Барнаул Ульяновск Иркутск Хабаровск Ярославль Владивосток Махачкала Томск Оренбург Кемерово " +
			"Новокузнецк Рязань Астрахань Пенза Липецк Киров Чебоксары Тула Калининград Курск Ставрополь Улан-Удэ Тверь Магнитогорск Сочи Иваново Брянск Белгород " +
			"Сургут Владимир Чита Архангельск Нижний_Тагил Калуга Смоленск Волжский Курган Череповец Орел Вологда Саранск Владикавказ Мурманск Якутск Тамбов Грозный " +
			"Стерлитамак Кострома Петрозаводск Нижневартовск Новороссийск Йошкар-Ола Таганрог Комсомольск-на-Амуре Сыктывкар Нальчик Шахты Братск Дзержинск Орск Псков " +
			"Бийск Прокопьевск Норильск Великий_Новгород Абакан Элиста Майкоп Кызыл Магадан Анадырь Салехард Ханты-Мансийск Симферополь Севастополь Ялта Анапа Геленджик " +
			"Минск Гомель Брест Киев Харьков Одесса Львов Днепр Алматы Астана Ташкент Самарканд Бишкек Душанбе Ашхабад Баку Ереван Тбилиси Батуми Кишинев Рига Таллин Вильнюс " +
			"Лондон Париж Берлин Мюнхен Гамбург Вена Прага Варшава Краков Будапешт Бухарест София Белград Загреб Афины Рим Милан Венеция Флоренция Неаполь Мадрид Барселона " +
			"Лиссабон Амстердам Брюссель Женева Цюрих Стокгольм Осло Копенгаген Хельсинки Дублин Стамбул Анкара Анталия Каир Хургада Дубай Абу-Даби Доха Тель-Авив Иерусалим " +
			"Дели Мумбаи Гоа Бангкок Пхукет Паттайя Сингапур Джакарта Бали Ханой Пекин Шанхай Гонконг Токио Киото Осака Сеул Сидней Мельбурн Торонто Монреаль Ванкувер " +
			"Нью-Йорк Вашингтон Чикаго Бостон Лос-Анджелес Сан-Франциско Лас-Вегас Майами Мехико Гавана Буэнос-Айрес Рио-де-Жанейро Сантьяго Лима Найроби Кейптаун " +
			"Россия Беларусь Белоруссия Украина Казахстан Узбекистан Киргизия Таджикистан Туркмения Азербайджан Армения Грузия Молдавия Латвия Литва Эстония Германия Франция " +
			"Италия Испания Португалия Англия Великобритания Шотландия Ирландия Австрия Швейцария Бельгия Нидерланды Голландия Люксембург Дания Норвегия Швеция Финляндия Исландия " +
			"Польша Чехия Словакия Словения Венгрия Румыния Болгария Сербия Хорватия Черногория Босния Албания Македония Греция Турция Кипр Мальта Египет Тунис Марокко Алжир " +
			"Израиль Иордания ОАЭ Эмираты Катар Иран Ирак Саудовская_Аравия Индия Пакистан Непал Шри-Ланка Мальдивы Таиланд Вьетнам Камбоджа Лаос Малайзия Индонезия Филиппины " +
			"Китай Монголия Япония Корея США Америка Канада Мексика Куба Доминикана Бразилия Аргентина Чили Перу Колумбия Венесуэла Австралия Новая_Зеландия ЮАР Кения Танзания " +
			"Moscow London Paris Berlin Munich Hamburg Vienna Prague Warsaw Krakow Budapest Bucharest Sofia Belgrade Athens Rome Milan Venice Florence Naples Madrid Barcelona " +
			"Lisbon Amsterdam Brussels Geneva Zurich Stockholm Oslo Copenhagen Helsinki Dublin Istanbul Ankara Antalya Cairo Dubai Doha Jerusalem Delhi Mumbai Bangkok Phuket " +
			"Singapore Jakarta Bali Hanoi Beijing Shanghai Tokyo Kyoto Osaka Seoul Sydney Melbourne Toronto Montreal Vancouver New_York Washington Chicago Boston Los_Angeles " +
			"San_Francisco Las_Vegas Miami Seattle Dallas Houston Philadelphia Phoenix Atlanta Denver Detroit Mexico_City Havana Buenos_Aires Rio_de_Janeiro Lima Nairobi Cape_Town " +
			"Saint_Petersburg Kiev Kyiv Minsk Riga Tallinn Vilnius Edinburgh Manchester Liverpool Birmingham Oxford Cambridge " +
			"Russia Belarus Ukraine Kazakhstan Armenia Azerbaijan Latvia Lithuania Estonia Germany France Italy Spain Portugal England Britain Scotland Ireland Austria " +
			"Switzerland Belgium Netherlands Holland Luxembourg Denmark Norway Sweden Finland Iceland Poland Slovakia Slovenia Hungary Romania Bulgaria Serbia Croatia Montenegro " +
			"Greece Cyprus Malta Egypt Tunisia Morocco Israel Jordan Qatar Iran Iraq Saudi_Arabia India Pakistan Nepal Maldives Thailand Vietnam Cambodia Malaysia Indonesia " +
			"Philippines China Mongolia Japan Korea USA America Canada Mexico Cuba Brazil Argentina Peru Colombia Venezuela Australia New_Zealand Kenya Tanzania",
	}
}

// dictionaries are the built-in word lists, indexed.
type dictionaries struct{ first, places *finder }

func newDictionaries(o Options) dictionaries {
	list := names()
	return dictionaries{first: listFinder(list.first, o), places: listFinder(list.places, o)}
}

func listFinder(list string, o Options) *finder {
	entity := &Entity{}
	for name := range strings.FieldsSeq(list) {
		name = strings.ReplaceAll(name, "_", " ")
		entity.Records = append(entity.Records, Record{Type: Synonyms, Rules: []Rule{{Text: name}}, Value: string(quoted(name))})
	}
	return newFinder(entity, o)
}

// listed finds the entries of a list; the value is the entry as the list has it.
func (s *search) listed(f *finder) []hit {
	var hits []hit
	for _, found := range f.synonyms.find(s.words) {
		hits = append(hits, hit{found.Range, f.value(found.record)})
	}
	return hits
}

func findPlaces(s *search) []hit { return s.listed(s.lists.places) }

// findFirstNames finds first names; they have no value, so that a name of several
// parts shows as it was written.
func findFirstNames(s *search) []hit {
	hits := s.listed(s.lists.first)
	for i := range hits {
		hits[i].value = nil
	}
	return hits
}

// findSurnames finds words that look like a surname and begin with a capital
// letter or stand beside a first name or patronymic;
// with a capital letter behind a first name any word is one.
func findSurnames(s *search) []hit {
	return s.beside(func(word string, behind bool) bool {
		return isSurname(word) || behind && !isPatronymic(word) && utf8.RuneCountInString(word) > 2
	})
}

// findPatronymics finds patronymics by their endings.
func findPatronymics(s *search) []hit {
	return s.beside(func(word string, _ bool) bool { return isPatronymic(word) })
}

func (s *search) beside(is func(word string, behind bool) bool) []hit {
	named := map[int]bool{}
	for _, name := range s.listed(s.lists.first) {
		for i, word := range s.words {
			named[i] = named[i] || word.Start >= name.Start && word.End <= name.End
		}
	}
	near := func(at int) bool {
		return named[at] || at >= 0 && at < len(s.words) && isPatronymic(s.words[at].Folded)
	}
	var hits []hit
	for i, word := range s.words {
		first, _ := utf8.DecodeRuneInString(s.text[word.Start:])
		if !named[i] && is(word.Folded, near(i-1) && unicode.IsUpper(first)) && (unicode.IsUpper(first) && i > 0 || near(i-1) || near(i+1)) {
			hits = append(hits, hit{Range: Range{word.Start, word.End}})
		}
	}
	return hits
}

func isPatronymic(word string) bool {
	return hasEnding(word, "ович овича овичу овичем евич евича евичу евичем овна овны овне овну овной евна евны евне евну евной ична ичны ичне ичну ичной ильич ильича")
}

func isSurname(word string) bool {
	return !isPatronymic(word) && hasEnding(word, "ов ова ову овым овой ев ева еву евым евой ин ина ину иным иной ский ская скую ским ской ского скому "+
		"цкий цкая цкого цкой енко чук юк ян ко дзе швили son man berg stein ov ova ev eva in enko sky")
}

// hasEnding tells whether a word of at least five letters has one of the endings.
func hasEnding(word, endings string) bool {
	if utf8.RuneCountInString(word) < 5 {
		return false
	}
	for ending := range strings.FieldsSeq(endings) {
		if strings.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}
