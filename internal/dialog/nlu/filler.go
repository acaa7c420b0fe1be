package nlu

import "strings"

// isFiller tells whether a folded Russian or English word carries little meaning
// of its own. Words of denial are not among them.
func isFiller(word string) bool {
	const fillers = " а и в во на с со к ко у о об от до за из по под при про для же ли бы то это этот эта эти как так вот ну там тут " +
		"я ты мы вы он она они оно мне меня мной тебе тебя нам нас вам вас ему ей им их мой моя мое мои твой твоя ваш ваша ваше ваши наш наша " +
		"что чтобы кто где или если есть быть был была будет уже еще тоже только очень просто сейчас пожалуйста скажите подскажите скажи подскажи " +
		"здравствуйте можно могу можете хочу хотел хотела хотелось какой какая какие какое который сколько когда почему зачем нужно надо " +
		"a an the to of in on at for from with by as is are am was were be been do does did can could would will shall may might must " +
		"i you he she it we they me him her us them my your his its our their this that these those what which who where when how why " +
		"and or but if so please just some any there here have has had want need like tell get let "
	return strings.Contains(fillers, " "+word+" ")
}
