require: namesRu/namesRu.sc
    module = sys.zb-common

theme: /

    state: Name
        q!: * $Name *
        a: {{$parseTree._Name.full}} {{NamesRu[$parseTree.Name[0].NamesRu[0].value].value.sex}}
