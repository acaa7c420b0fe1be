package morph

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

//go:embed opencorpora/dictionary.zip
var russianFiles []byte

// Dictionary is a dictionary of inflected forms. It is immutable and safe for
// concurrent use.
type Dictionary struct {
	words         automaton
	probabilities automaton
	predictions   [3]automaton // by the prefix of the form, see formPrefixes
	endings       []string
	paradigms     []paradigm
	tags          []Tag
	grammar       *grammar
}

// paradigm is how the words of one kind are inflected: the ending, the tag and the
// prefix of each form. The first form is the lemma.
type paradigm struct {
	endings, tags, prefixes []uint16
	// ordinal is the first form of an ordinal number, which stands with its cardinal
	// and yet has a lemma of its own; 0 when there is none.
	ordinal int
}

func (p paradigm) forms() int { return len(p.endings) }

// formPrefixes stand before the base in some forms: "получше", "наилучший".
var formPrefixes = [...]string{"", "по", "наи"}

// Russian gives the Russian dictionary. It is unpacked when it is first asked for
// (about 0.1 s and 12 MiB) and stays in memory.
func Russian() (*Dictionary, error) { return russian() }

var russian = sync.OnceValues(func() (*Dictionary, error) {
	archive, err := zip.NewReader(bytes.NewReader(russianFiles), int64(len(russianFiles)))
	if err != nil {
		return nil, err
	}
	return readDictionary(func(name string) ([]byte, error) {
		file, err := archive.Open(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }() // it was only read
		info, err := file.Stat()
		if err != nil {
			return nil, err
		}
		data := make([]byte, info.Size())
		_, err = io.ReadFull(file, data)
		return data, err
	})
})

// readDictionary reads the files of a dictionary in the format of pymorphy2.
func readDictionary(read func(name string) ([]byte, error)) (*Dictionary, error) {
	d := &Dictionary{}
	graphs := []struct {
		name string
		into *automaton
	}{
		{"words.dawg", &d.words}, {"p_t_given_w.intdawg", &d.probabilities}, {"prediction-suffixes-0.dawg", &d.predictions[0]},
		{"prediction-suffixes-1.dawg", &d.predictions[1]}, {"prediction-suffixes-2.dawg", &d.predictions[2]},
	}
	for _, g := range graphs {
		data, err := read(g.name)
		if err != nil {
			return nil, err
		}
		if *g.into, err = newAutomaton(g.name, data); err != nil {
			return nil, err
		}
	}
	if err := d.readTags(read); err != nil {
		return nil, err
	}
	if err := readJSON(read, "suffixes.json", &d.endings); err != nil {
		return nil, err
	}
	data, err := read("paradigms.array")
	if err != nil {
		return nil, err
	}
	return d, d.readParadigms(data)
}

func readJSON(read func(name string) ([]byte, error), name string, into any) error {
	data, err := read(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (d *Dictionary) readTags(read func(name string) ([]byte, error)) error {
	var rows [][]string
	if err := readJSON(read, "grammemes.json", &rows); err != nil {
		return err
	}
	var err error
	if d.grammar, err = newGrammar(rows); err != nil {
		return err
	}
	var texts []string
	if err := readJSON(read, "gramtab-opencorpora-int.json", &texts); err != nil {
		return err
	}
	d.tags = make([]Tag, len(texts))
	for i, text := range texts {
		if d.tags[i], err = d.grammar.tag(text); err != nil {
			return fmt.Errorf("gramtab-opencorpora-int.json: %w", err)
		}
	}
	return nil
}

// readParadigms reads a count, and for each paradigm a length and three equal
// parts: endings, tags, prefixes.
func (d *Dictionary) readParadigms(data []byte) error {
	numbers := make([]uint16, len(data)/2)
	for i := range numbers {
		numbers[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	if len(numbers) == 0 {
		return errors.New("paradigms.array: the file is empty")
	}
	count, rest := int(numbers[0]), numbers[1:]
	for i := range count {
		if len(rest) == 0 || len(rest[1:]) < int(rest[0]) {
			return fmt.Errorf("paradigms.array: the file is cut in paradigm %d", i)
		}
		p, ok := d.paradigm(rest[1 : 1+rest[0]])
		if !ok {
			return fmt.Errorf("paradigms.array: paradigm %d names an ending, tag or prefix that is not there", i)
		}
		d.paradigms = append(d.paradigms, p)
		rest = rest[1+rest[0]:]
	}
	return nil
}

func (d *Dictionary) paradigm(numbers []uint16) (paradigm, bool) {
	n := len(numbers) / 3
	p := paradigm{endings: numbers[:n], tags: numbers[n : 2*n], prefixes: numbers[2*n:]}
	if n == 0 || len(numbers)%3 != 0 {
		return p, false
	}
	for i := range n {
		if int(p.endings[i]) >= len(d.endings) || int(p.tags[i]) >= len(d.tags) || int(p.prefixes[i]) >= len(formPrefixes) {
			return p, false
		}
		if p.ordinal == 0 && d.tags[p.tags[i]].Has("Anum") {
			p.ordinal = i
		}
	}
	return p, true
}

// HasGrammeme tells whether a name is one of OpenCorpora's grammemes, such as "gent".
func (d *Dictionary) HasGrammeme(name string) bool {
	_, ok := d.grammar.index[name]
	return ok
}
