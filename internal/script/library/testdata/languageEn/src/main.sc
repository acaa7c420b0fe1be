require: language/languageEn.sc
    module = sys.zb-common

theme: /

    state: Language
        q!: * $Language *
        a: {{$parseTree._Language.name}} {{$parseTree._Language.family}} {{$parseTree._Language.dead}}
