require: names-En.csv
    name = NamesEn
    var = $NamesEn

init:
    $converters.NamesEnConverter = function(parseTree) {
        return $NamesEn[parseTree.NamesEn[0].value].value;
    };

patterns:
    $Name = $entity<NamesEn> || converter = $converters.NamesEnConverter
