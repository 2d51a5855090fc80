package festival.analysis;

import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.snowball.SnowballFilter;

/** The values of {@code language} that the stock filter {@code stemmer} takes, for the languages of the catalogue. */
final class Stemmers {
    private Stemmers() {}

    /** Lucene's filter factories; what is not here is a Snowball program. */
    private static final Map<String, String> FACTORIES = Map.ofEntries(
        Map.entry("arabic", "arabicStem"),
        Map.entry("english", "porterStem"),
        Map.entry("light_english", "kStem"),
        Map.entry("light_french", "frenchLightStem"),
        Map.entry("light_german", "germanLightStem"),
        Map.entry("light_italian", "italianLightStem"),
        Map.entry("light_portuguese", "portugueseLightStem"),
        Map.entry("light_russian", "russianLightStem"),
        Map.entry("light_spanish", "spanishLightStem"),
        Map.entry("greek", "greekStem"),
        Map.entry("hindi", "hindiStem"),
        Map.entry("kstem", "kStem"),
        Map.entry("minimal_english", "englishMinimalStem"),
        Map.entry("minimal_french", "frenchMinimalStem"),
        Map.entry("minimal_german", "germanMinimalStem"),
        Map.entry("minimal_portuguese", "portugueseMinimalStem"),
        Map.entry("persian", "persianStem"),
        Map.entry("porter", "porterStem"),
        Map.entry("portuguese_rslp", "portugueseStem"),
        Map.entry("possessive_english", "englishPossessive"),
        Map.entry("spanish_plural", "spanishPluralStem")
    );
    private static final Map<String, String> SNOWBALL = Map.of("porter2", "English", "german2", "German");
    private static final Set<String> SNOWBALL_LANGUAGES = Set.of("dutch", "french", "german", "italian", "portuguese", "russian", "spanish", "turkish");

    /**
     * The stemming filter of a language.
     *
     * @throws IllegalArgumentException for a language that is not in the tables above
     */
    static UnaryOperator<TokenStream> of(String language) {
        if (FACTORIES.containsKey(language)) {
            return CommonAnalysis.lucene(FACTORIES.get(language), Map.of());
        }
        if (SNOWBALL.containsKey(language)) {
            return snowball(SNOWBALL.get(language));
        }
        if (SNOWBALL_LANGUAGES.contains(language)) {
            return snowball(Character.toUpperCase(language.charAt(0)) + language.substring(1));
        }
        throw new IllegalArgumentException("the stemmer [" + language + "] is not among those of the local Elasticsearch");
    }

    private static UnaryOperator<TokenStream> snowball(String program) {
        return input -> new SnowballFilter(input, program);
    }
}
