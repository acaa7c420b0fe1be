require: namesEn/namesEn.sc
    module = sys.zb-common

theme: /

    state: Name
        q!: * $Name *
        a: {{$parseTree._Name.name}} {{$NamesEn[1].value.name}}
