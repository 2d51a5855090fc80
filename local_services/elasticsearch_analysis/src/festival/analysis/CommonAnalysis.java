package festival.analysis;

import festival.analysis.Factories.Chars;
import festival.analysis.Factories.Filter;
import festival.analysis.Factories.Normalizing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;

/** The part of the module analysis-common that the catalogue uses; {@code stop} and {@code shingle} are in the server itself. */
final class CommonAnalysis {
    private CommonAnalysis() {}

    /** One line a filter: its name, Lucene's name of it, then {@code setting=argument} or {@code setting=argument:default}. */
    private static final String NORMALIZING = """
        arabic_normalization arabicNormalization
        asciifolding asciiFolding preserve_original=preserveOriginal
        cjk_width cjkWidth
        decimal_digit decimalDigit
        german_normalization germanNormalization
        hindi_normalization hindiNormalization
        indic_normalization indicNormalization
        persian_normalization persianNormalization
        trim trim""";
    private static final String ANALYZING = """
        apostrophe apostrophe
        edge_ngram edgeNGram min_gram=minGramSize:1 max_gram=maxGramSize:2 preserve_original=preserveOriginal
        flatten_graph flattenGraph
        keyword_repeat keywordRepeat
        length length min=min:0 max=max:2147483647
        limit limitTokenCount max_token_count=maxTokenCount:1 consume_all_tokens=consumeAllTokens
        remove_duplicates removeDuplicates
        truncate truncate length=prefixLength:10""";
    /** Settings of {@code word_delimiter_graph} that are true or false; Lucene's factory wants 1 or 0. */
    private static final Map<String, String> WORD_DELIMITER = Map.of(
        "generate_word_parts", "generateWordParts",
        "generate_number_parts", "generateNumberParts",
        "catenate_words", "catenateWords",
        "catenate_numbers", "catenateNumbers",
        "catenate_all", "catenateAll",
        "split_on_case_change", "splitOnCaseChange",
        "split_on_numerics", "splitOnNumerics",
        "preserve_original", "preserveOriginal",
        "stem_english_possessive", "stemEnglishPossessive",
        "ignore_keywords", "ignoreKeywords"
    );

    static void charFilters(Map<String, AnalysisProvider<CharFilterFactory>> filters) {
        filters.put("html_strip", (index, environment, name, settings) -> {
            Set<String> kept = Set.copyOf(settings.getAsList("escaped_tags"));
            return new Chars(name, input -> new HTMLStripCharFilter(input, kept));
        });
    }

    static void tokenizers(Map<String, AnalysisProvider<TokenizerFactory>> tokenizers) {
        tokenizers.put("keyword", (index, environment, name, settings) -> TokenizerFactory.newFactory(name, KeywordTokenizer::new));
        tokenizers.put("whitespace", (index, environment, name, settings) -> TokenizerFactory.newFactory(name, WhitespaceTokenizer::new));
    }

    static void tokenFilters(Map<String, AnalysisProvider<TokenFilterFactory>> filters) {
        NORMALIZING.lines().map(line -> line.split(" ")).forEach(row -> filters.put(row[0],
            (index, environment, name, settings) -> new Normalizing(name, lucene(row[1], arguments(row, settings)))));
        ANALYZING.lines().map(line -> line.split(" ")).forEach(row -> filters.put(row[0],
            (index, environment, name, settings) -> new Filter(name, lucene(row[1], arguments(row, settings)))));
        filters.put("cjk_bigram", (index, environment, name, settings) -> new Filter(name, cjkBigram(settings)));
        filters.put("elision", (index, environment, name, settings) -> new Normalizing(name, elision(environment, settings)));
        filters.put("lowercase", (index, environment, name, settings) -> new Normalizing(name,
            lucene(settings.hasValue("language") ? settings.get("language") + "Lowercase" : "lowercase", Map.of())));
        filters.put("stemmer", (index, environment, name, settings) -> new Filter(name,
            Stemmers.of(settings.get("language", settings.get("name", "porter")))));
        filters.put("unique", (index, environment, name, settings) -> new Filter(name,
            input -> new UniqueFilter(input, settings.getAsBoolean("only_on_same_position", false))));
        filters.put("word_delimiter_graph", (index, environment, name, settings) -> new Filter(name,
            lucene("wordDelimiterGraph", wordDelimiter(settings))));
        filters.put("synonym_graph", AnalysisPlugin.requiresAnalysisSettings(
            (index, environment, name, settings) -> new SynonymGraph(name, environment, settings)));
    }

    /** Lucene's own factory of that name; it refuses arguments it does not know. */
    static UnaryOperator<TokenStream> lucene(String factory, Map<String, String> arguments) {
        return org.apache.lucene.analysis.TokenFilterFactory.forName(factory, new HashMap<>(arguments))::create;
    }

    private static Map<String, String> arguments(String[] row, Settings settings) {
        Map<String, String> arguments = new HashMap<>();
        for (String column : List.of(row).subList(2, row.length)) {
            String[] parts = column.split("[=:]");
            String value = settings.get(parts[0], parts.length > 2 ? parts[2] : null);
            if (value != null) {
                arguments.put(parts[1], value);
            }
        }
        return arguments;
    }

    private static Map<String, String> wordDelimiter(Settings settings) {
        Map<String, String> arguments = new HashMap<>();
        arguments.put("adjustOffsets", settings.get("adjust_offsets", "true"));
        WORD_DELIMITER.forEach((setting, argument) -> {
            if (settings.hasValue(setting)) {
                arguments.put(argument, settings.getAsBoolean(setting, false) ? "1" : "0");
            }
        });
        return arguments;
    }

    private static UnaryOperator<TokenStream> elision(Environment environment, Settings settings) {
        CharArraySet given = Analysis.parseArticles(environment, settings);
        CharArraySet articles = given == null ? FrenchAnalyzer.DEFAULT_ARTICLES : given;
        return input -> new ElisionFilter(input, articles);
    }

    private static UnaryOperator<TokenStream> cjkBigram(Settings settings) {
        List<String> ignored = settings.getAsList("ignored_scripts");
        int scripts = (ignored.contains("han") ? 0 : CJKBigramFilter.HAN)
            | (ignored.contains("hiragana") ? 0 : CJKBigramFilter.HIRAGANA)
            | (ignored.contains("katakana") ? 0 : CJKBigramFilter.KATAKANA)
            | (ignored.contains("hangul") ? 0 : CJKBigramFilter.HANGUL);
        boolean single = settings.getAsBoolean("output_unigrams", false);
        return input -> new CJKBigramFilter(input, scripts, single);
    }
}
