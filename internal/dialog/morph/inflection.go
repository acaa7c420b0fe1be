package morph

import "slices"

// Inflect gives the form of the word that has the grammemes and otherwise differs
// least, as pymorphy2 does: "нож" with "gent" is "ножа". ok is false when the word
// has no such form.
func (p Parse) Inflect(names ...string) (Parse, bool) {
	d := p.dictionary
	if d == nil {
		return p, p.Tag.Has(names...)
	}
	wanted, ok := d.grammar.set(names...)
	if !ok {
		return p, false
	}
	if slices.Contains(names, "Anum") {
		p = d.formOf(p, d.paradigms[p.paradigm].ordinal)
	}
	form, ok := d.nearest(p, wanted)
	if !ok {
		plain, _ := d.grammar.set(common(names)...)
		if form, ok = d.nearest(p, plain); !ok {
			return p, false
		}
	}
	left := p.left
	p.left = nil
	p = d.formOf(p, form)
	if left == nil {
		return p, true
	}
	first, ok := left.Inflect(names...)
	if !ok {
		return p, false
	}
	score := p.Score
	p = pair(first, p)
	p.Score = score
	return p, true
}

// common replaces cases that few words have by those all have.
func common(names []string) []string {
	names = slices.Clone(names)
	for i, name := range names {
		switch name {
		case "gen1", "gen2":
			names[i] = "gent"
		case "acc2":
			names[i] = "accs"
		case "loc1", "loc2":
			names[i] = "loct"
		case "voct":
			names[i] = "nomn"
		}
	}
	return names
}

// nearest is the form with the wanted grammemes that is most like the word.
func (d *Dictionary) nearest(p Parse, wanted grammemes) (form int, ok bool) {
	target := d.grammar.changed(p.Tag.set, wanted)
	best := 0
	for i, tag := range d.paradigms[p.paradigm].tags {
		set := d.tags[tag].set
		if !set.holds(wanted) {
			continue
		}
		if likeness := target.likeness(set); !ok || likeness > best {
			form, best, ok = i, likeness, true
		}
	}
	return form, ok
}
