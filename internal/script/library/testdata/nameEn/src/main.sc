require: name/nameEn.sc
    module = sys.zb-common

theme: /

    state: Name
        q!: * $Name *
        a: {{$parseTree._Name.name}} {{$parseTree._Name.sex}}

    state: None
        event!: noMatch
        a: none
