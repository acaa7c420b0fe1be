require: language/language.sc
    module = sys.zb-common

theme: /

    state: Language
        q!: * $Language *
        script: $temp.l = $parseTree._Language;
        a: {{$temp.l.name}} {{$temp.l.family}} {{$temp.l.group}} {{$temp.l.dead}}
