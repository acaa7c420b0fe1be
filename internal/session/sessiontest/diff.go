package sessiontest

import (
	"fmt"
	"reflect"
)

// Diff names the first place where two values differ, "" when they do not. A
// nil and an empty slice or map are the same.
func Diff(want, got any) string {
	return diff("", reflect.ValueOf(want), reflect.ValueOf(got))
}

func diff(path string, want, got reflect.Value) string {
	if !want.IsValid() || !got.IsValid() {
		if want.IsValid() == got.IsValid() {
			return ""
		}
		return fmt.Sprintf("%s: want %v, got %v", path, want, got)
	}
	if want.Type() != got.Type() {
		return fmt.Sprintf("%s: want a %s, got a %s", path, want.Type(), got.Type())
	}
	switch want.Kind() {
	case reflect.Pointer, reflect.Interface:
		return diff(path, want.Elem(), got.Elem())
	case reflect.Struct:
		for i := range want.NumField() {
			if !want.Type().Field(i).IsExported() {
				continue // what a row keeps for itself
			}
			if d := diff(path+"."+want.Type().Field(i).Name, want.Field(i), got.Field(i)); d != "" {
				return d
			}
		}
		return ""
	case reflect.Slice:
		if want.Type().Elem().Kind() != reflect.Uint8 {
			return diffList(path, want, got)
		}
		if want.Len() == 0 && got.Len() == 0 || string(want.Bytes()) == string(got.Bytes()) {
			return ""
		}
		return fmt.Sprintf("%s: want %q, got %q", path, want.Bytes(), got.Bytes())
	case reflect.Map:
		if want.Len() == 0 && got.Len() == 0 {
			return ""
		}
	}
	if !reflect.DeepEqual(want.Interface(), got.Interface()) {
		return fmt.Sprintf("%s: want %v, got %v", path, want, got)
	}
	return ""
}

func diffList(path string, want, got reflect.Value) string {
	if want.Len() != got.Len() {
		return fmt.Sprintf("%s: want %d, got %d", path, want.Len(), got.Len())
	}
	for i := range want.Len() {
		if d := diff(fmt.Sprintf("%s[%d]", path, i), want.Index(i), got.Index(i)); d != "" {
			return d
		}
	}
	return ""
}
