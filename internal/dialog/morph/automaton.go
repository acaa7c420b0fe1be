package morph

import (
	"encoding/binary"
	"fmt"
)

// automaton is a directed acyclic word graph as the dawgdic library stores it: a
// count, that many units of 32 bits, a count, that many pairs of bytes (the guide:
// label of the first child, label of the next sibling). It is read in place. No
// input makes it panic or run long: every index is checked, every search bounded.
type automaton struct{ units, guide []byte }

const (
	leafBit    = 1 << 31
	hasLeafBit = 1 << 8
	// maxSteps bounds one search.
	maxSteps = 1 << 14
)

func newAutomaton(name string, data []byte) (automaton, error) {
	units, rest, ok := array(data, 4)
	if !ok || len(units) == 0 {
		return automaton{}, fmt.Errorf("%s: the file is cut in the units of the graph", name)
	}
	guide := []byte(nil)
	if len(rest) > 0 {
		if guide, _, ok = array(rest, 2); !ok {
			return automaton{}, fmt.Errorf("%s: the file is cut in the guide of the graph", name)
		}
	}
	return automaton{units: units, guide: guide}, nil
}

// array takes a count and that many items of size bytes.
func array(data []byte, size int) (items, rest []byte, ok bool) {
	if len(data) < 4 {
		return nil, nil, false
	}
	n := uint64(binary.LittleEndian.Uint32(data)) * uint64(size)
	data = data[4:]
	if uint64(len(data)) < n {
		return nil, nil, false
	}
	return data[:n], data[n:], true
}

// unit gives the unit at an index, 0 outside the graph.
func (a automaton) unit(i uint32) uint32 {
	at := uint64(i) * 4
	if at+4 > uint64(len(a.units)) {
		return 0
	}
	return binary.LittleEndian.Uint32(a.units[at:])
}

func offset(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }

// follow goes along one byte.
func (a automaton) follow(from uint32, label byte) (uint32, bool) {
	to := from ^ offset(a.unit(from)) ^ uint32(label)
	if uint64(to)*4 >= uint64(len(a.units)) {
		return 0, false
	}
	return to, a.unit(to)&(leafBit|0xff) == uint32(label)
}

// value is the number stored for the word that ends at a node.
func (a automaton) value(at uint32) (uint32, bool) {
	if a.unit(at)&hasLeafBit == 0 {
		return 0, false
	}
	return a.unit(at^offset(a.unit(at))) &^ leafBit, true
}

// find gives the number of a word.
func (a automaton) find(word []byte) (uint32, bool) {
	at := uint32(0)
	for _, label := range word {
		next, ok := a.follow(at, label)
		if !ok {
			return 0, false
		}
		at = next
	}
	return a.value(at)
}

// search walks a graph within a number of steps.
type search struct {
	automaton
	left int
	// found is called for each end, with the path to it.
	found func(path []byte, end uint32)
}

// similar finds the words that equal word when its "е" may stand for "ё".
func (s *search) similar(word, path []byte, at uint32) {
	if s.left--; s.left < 0 {
		return
	}
	if len(word) == 0 {
		s.found(path, at)
		return
	}
	if next, ok := s.follow(at, word[0]); ok {
		s.similar(word[1:], append(path, word[0]), next)
	}
	if word[0] == byteE {
		if next, ok := s.follow(at, byteYo); ok {
			s.similar(word[1:], append(path, byteYo), next)
		}
	}
}

// below finds the continuations of length bytes that are words.
func (s *search) below(length int, path []byte, at uint32) {
	if s.left--; s.left < 0 {
		return
	}
	if len(path) == length {
		if _, ok := s.value(at); ok {
			s.found(path, at)
		}
		return
	}
	for label := s.guided(at, 0); label != 0 && s.left > 0; {
		next, ok := s.follow(at, label)
		if !ok {
			return
		}
		s.below(length, append(path, label), next)
		label = s.guided(next, 1)
		s.left--
	}
}

// guided is a label of the guide: 0 is the first child of a node, 1 its sibling.
func (s *search) guided(at uint32, which uint64) byte {
	i := uint64(at)*2 + which
	if i >= uint64(len(s.guide)) {
		return 0
	}
	return s.guide[i]
}
