package nlu

import "fmt"

// is reports a value of another kind; what is missing is no mistake.
func (r *reader) is(v *value, want kind, what string) bool {
	if v.kind == want {
		return true
	}
	if !v.missing() {
		r.problem(v.at, "nlu-shape", fmt.Sprintf("%s must be %s, not %s", what, want, v.kind), "")
	}
	return false
}

func (r *reader) text(v *value, name string) string {
	member := v.member(name)
	if !r.is(member, kindText, name) {
		return ""
	}
	return member.text
}

func (r *reader) flag(v *value, name string) bool {
	member := v.member(name)
	return r.is(member, kindFlag, name) && member.flag
}

func (r *reader) number(v *value, name string) float64 {
	member := v.member(name)
	if !r.is(member, kindNumber, name) {
		return 0
	}
	n, err := member.number.Float64()
	if err != nil {
		r.problem(member.at, "nlu-shape", name+" is no number that can be used", "")
		return 0
	}
	return n
}

func (r *reader) object(v *value, name string) *value {
	member := v.member(name)
	if !r.is(member, kindObject, name) {
		return &value{at: v.at, kind: kindMissing}
	}
	return member
}

func (r *reader) list(v *value, name string) []*value {
	member := v.member(name)
	r.is(member, kindList, name)
	return member.list
}

// objects are the items of a list that are objects.
func (r *reader) objects(v *value, name string) []*value {
	var objects []*value
	for _, item := range r.list(v, name) {
		if r.is(item, kindObject, "an item of "+name) {
			objects = append(objects, item)
		}
	}
	return objects
}

// items are the items of a list that are texts.
func (r *reader) items(v *value, name string) []*value {
	var items []*value
	for _, item := range r.list(v, name) {
		if r.is(item, kindText, "an item of "+name) {
			items = append(items, item)
		}
	}
	return items
}

func (r *reader) texts(v *value, name string) []string {
	texts := []string{}
	for _, item := range r.items(v, name) {
		texts = append(texts, item.text)
	}
	return texts
}

func (r *reader) rules(v *value, name string) []Rule {
	var rules []Rule
	for _, item := range r.items(v, name) {
		rules = append(rules, Rule{Place: r.place(item.at), Text: item.text})
	}
	return rules
}
