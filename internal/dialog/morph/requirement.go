package morph

import (
	"slices"
	"strings"
)

// Requirement is what $morph<> asks of a word: for each tag one of some grammemes
// and none of some others.
type Requirement struct{ wanted []want }

type want struct{ any, none []grammemes }

// Requirement reads tags between blanks or commas: those of AOT in Russian ("С им
// ед"), the names of OpenCorpora in both alphabets, and the parts of speech of
// mystem ("V"). unknown is the first tag that is none of them, "" when all are known.
func (d *Dictionary) Requirement(tags string) (r Requirement, unknown string) {
	for _, tag := range strings.FieldsFunc(tags, func(c rune) bool { return c == ' ' || c == ',' || c == '\t' }) {
		w, ok := d.want(tag)
		if !ok {
			return r, tag
		}
		r.wanted = append(r.wanted, w)
	}
	return r, ""
}

func (d *Dictionary) want(tag string) (w want, ok bool) {
	names, known := aotTags()[tag]
	if !known {
		names = tag
		if own, found := d.grammar.russian[tag]; found {
			names = own
		}
	}
	for name := range strings.FieldsSeq(names) {
		bare, not := strings.CutPrefix(name, "-")
		set, found := d.grammar.set(bare)
		switch {
		case !found:
			return w, false
		case not:
			w.none = append(w.none, set)
		default:
			w.any = append(w.any, set)
		}
	}
	return w, true
}

// Fits tells whether a reading has all that is required.
func (r Requirement) Fits(p Parse) bool {
	for _, w := range r.wanted {
		if !w.fits(p.Tag.set) {
			return false
		}
	}
	return true
}

func (w want) fits(set grammemes) bool {
	if slices.ContainsFunc(w.none, set.holds) {
		return false
	}
	if slices.ContainsFunc(w.any, set.holds) {
		return true
	}
	return len(w.any) == 0
}

// aotTags are the tags of AOT and mystem by what they are in OpenCorpora: one of the
// names, and none of those with "-". There the active voice is not marked on verbs.
func aotTags() map[string]string {
	return map[string]string{
		"С": "NOUN", "П": "ADJF", "КР_ПРИЛ": "ADJS", "Г": "VERB", "ИНФИНИТИВ": "INFN", "ПРИЧАСТИЕ": "PRTF",
		"КР_ПРИЧАСТИЕ": "PRTS", "ДЕЕПРИЧАСТИЕ": "GRND", "МС": "NPRO", "МС-П": "Apro", "МС-ПРЕДК": "NPRO", "ЧИСЛ": "NUMR",
		"ЧИСЛ-П": "Anum", "Н": "ADVB", "ПРЕДК": "PRED", "ПРЕДЛ": "PREP", "СОЮЗ": "CONJ", "ЧАСТ": "PRCL", "МЕЖД": "INTJ", "ВВОДН": "Prnt",
		"им": "nomn", "рд": "gent gen1 gen2", "дт": "datv", "вн": "accs acc2", "тв": "ablt", "пр": "loct loc1 loc2", "зв": "voct",
		"ед": "sing", "мн": "plur", "мр": "masc", "жр": "femn", "ср": "neut", "мр-жр": "Ms-f", "од": "anim", "но": "inan",
		"св": "perf", "нс": "impf", "пе": "tran", "нп": "intr", "дст": "-pssv", "стр": "pssv",
		"нст": "pres", "прш": "past", "буд": "futr", "пвл": "impr", "1л": "1per", "2л": "2per", "3л": "3per",
		"сравн": "COMP", "прев": "Supr", "кач": "Qual", "имя": "Name", "фам": "Surn", "отч": "Patr", "лок": "Geox", "орг": "Orgn",
		"аббр": "Abbr", "0": "Fixd", "безл": "Impe", "рзг": "Infr", "жарг": "Slng", "арх": "Arch", "опч": "Erro", "вопр": "Ques",
		"S": "NOUN", "A": "ADJF ADJS", "V": "VERB INFN PRTF PRTS GRND", "ADV": "ADVB", "PR": "PREP", "PART": "PRCL", "NUM": "NUMR",
		"SPRO": "NPRO", "APRO": "Apro", "ANUM": "Anum",
	}
}
