package morph

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// Tag is a set of grammemes in the notation of OpenCorpora, such as
// "NOUN,inan,masc sing,nomn".
type Tag struct {
	text string
	set  grammemes
}

// String is the tag as the dictionary writes it.
func (t Tag) String() string { return t.text }

// Grammemes are the members of the tag; the first is the part of speech.
func (t Tag) Grammemes() []string {
	return strings.FieldsFunc(t.text, func(r rune) bool { return r == ',' || r == ' ' })
}

// Part is the part of speech, such as "NOUN" or "VERB".
func (t Tag) Part() string {
	part, _, _ := strings.Cut(t.text, ",")
	part, _, _ = strings.Cut(part, " ")
	return part
}

// Has tells whether all the grammemes belong to the tag.
func (t Tag) Has(names ...string) bool {
	own := t.Grammemes()
	for _, name := range names {
		if !slices.Contains(own, name) {
			return false
		}
	}
	return true
}

// grammemes is a set over grammar.names.
type grammemes [2]uint64

func (g grammemes) with(i int) grammemes {
	g[i>>6] |= 1 << (i & 63)
	return g
}

func (g grammemes) and(h grammemes) grammemes { return grammemes{g[0] & h[0], g[1] & h[1]} }

func (g grammemes) holds(h grammemes) bool { return g.and(h) == h }

// grammar is the table of grammemes.
type grammar struct {
	index map[string]int
	// russian gives the name of a grammeme by its Russian one.
	russian map[string]string
	// rivals are those that exclude one another with the one at the index: a word
	// has one case, one number.
	rivals []grammemes
}

// exclusive are the categories of which a word has one value.
func exclusive() []string {
	return []string{"POST", "ANim", "GNdr", "NMbr", "CAse", "ASpc", "TRns", "PErs", "TEns", "MOod", "INvl", "VOic"}
}

// newGrammar reads rows of name, parent, Russian name, description.
func newGrammar(rows [][]string) (*grammar, error) {
	g := &grammar{index: map[string]int{}, russian: map[string]string{}}
	parents := map[string]string{}
	if len(rows) > 128 {
		return nil, fmt.Errorf("grammemes.json: %d grammemes, at most 128 are possible", len(rows))
	}
	for i, row := range rows {
		if len(row) < 2 {
			return nil, fmt.Errorf("grammemes.json: row %d has no parent", i)
		}
		g.index[row[0]], parents[row[0]] = i, row[1]
		if len(row) > 2 {
			g.russian[row[2]] = row[0]
		}
	}
	g.rivals = make([]grammemes, len(rows))
	for one, i := range g.index {
		for other, j := range g.index {
			category := categoryOf(one, parents)
			if one != other && category == categoryOf(other, parents) && slices.Contains(exclusive(), category) {
				g.rivals[i] = g.rivals[i].with(j)
			}
		}
	}
	g.excludes("plur", "masc", "femn", "neut")
	return g, nil
}

// excludes says that words in the plural have no gender.
func (g *grammar) excludes(one string, others ...string) {
	i, ok := g.index[one]
	for _, other := range others {
		j, known := g.index[other]
		if ok && known {
			g.rivals[i] = g.rivals[i].with(j)
			g.rivals[j] = g.rivals[j].with(i)
		}
	}
}

func categoryOf(name string, parents map[string]string) string {
	for range len(parents) {
		if parents[name] == "" {
			break
		}
		name = parents[name]
	}
	return name
}

// set gives the set of names; ok is false when one of them is unknown.
func (g *grammar) set(names ...string) (set grammemes, ok bool) {
	for _, name := range names {
		i, known := g.index[name]
		if !known {
			return set, false
		}
		set = set.with(i)
	}
	return set, true
}

// tag reads the notation of the dictionary.
func (g *grammar) tag(text string) (Tag, error) {
	t := Tag{text: text}
	set, ok := g.set(t.Grammemes()...)
	if !ok {
		return t, fmt.Errorf("the tag %q has an unknown grammeme", text)
	}
	t.set = set
	return t, nil
}

// changed is a set after a word was given the wanted grammemes.
func (g *grammar) changed(set, wanted grammemes) grammemes {
	out := grammemes{set[0] | wanted[0], set[1] | wanted[1]}
	for i, rivals := range g.rivals {
		if wanted[i>>6]>>(i&63)&1 == 1 {
			out[0] &^= rivals[0]
			out[1] &^= rivals[1]
		}
	}
	return out
}

// likeness is ten for each common grammeme, less one for each other.
func (g grammemes) likeness(h grammemes) int {
	common, other := 0, 0
	for i := range g {
		common += bits.OnesCount64(g[i] & h[i])
		other += bits.OnesCount64(g[i] ^ h[i])
	}
	return 10*common - other
}
