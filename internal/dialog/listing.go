package dialog

// listing holds, for each .sc file, what it required of dictionaries and of other
// .sc files, in order. A file that is required again is not read again, but its
// dictionaries count again: of several with one name the last one does.
type listing map[string][]listed

type listed struct {
	at location
	r  requirement
	// source tells a .sc file from a dictionary.
	source bool
}

// note remembers a file under the one that requires it.
func (l listing) note(at location, r requirement, source bool) {
	from := r.tag.pos.File
	l[from] = append(l[from], listed{at: at, r: r, source: source})
}

// dictionaries are the dictionaries that a file requires, itself or through
// others; each file is looked into once.
func (l listing) dictionaries(file string, seen once) []listed {
	var found []listed
	for _, one := range l[file] {
		below := one.at.String()
		if !one.source {
			found = append(found, one)
		} else if seen.first(below) {
			found = append(found, l.dictionaries(below, seen)...)
		}
	}
	return found
}
