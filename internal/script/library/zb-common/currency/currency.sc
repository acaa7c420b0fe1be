require: currency.csv
    name = Currencies
    var = $Currencies

# Words that several currencies share ("доллар") are no $Currency.
require: ambiguousCurrency.csv
    name = ambiguousCurrencies
    var = $ambiguousCurrencies

init:
    $converters.currencyConverter = function(parseTree) {
        return $Currencies[parseTree.Currencies[0].value].value;
    };
    $converters.ambiguousCurrencyConverter = function(parseTree) {
        return $ambiguousCurrencies[parseTree.ambiguousCurrencies[0].value].value;
    };

patterns:
    $Currency = $entity<Currencies> || converter = $converters.currencyConverter
    $ambiguousCurrency = $entity<ambiguousCurrencies> || converter = $converters.ambiguousCurrencyConverter
