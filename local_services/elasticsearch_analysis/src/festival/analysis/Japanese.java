package festival.analysis;

import festival.analysis.Factories.Filter;
import festival.analysis.Factories.Normalizing;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.ja.JapaneseAnalyzer;
import org.apache.lucene.analysis.ja.JapaneseBaseFormFilter;
import org.apache.lucene.analysis.ja.JapaneseKatakanaStemFilter;
import org.apache.lucene.analysis.ja.JapaneseNumberFilter;
import org.apache.lucene.analysis.ja.JapanesePartOfSpeechStopFilter;
import org.apache.lucene.analysis.ja.JapaneseReadingFormFilter;
import org.apache.lucene.analysis.ja.JapaneseTokenizer;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** The names of the plugin analysis-kuromoji. */
final class Japanese {
    private Japanese() {}

    static void tokenizers(Map<String, AnalysisProvider<TokenizerFactory>> tokenizers) {
        tokenizers.put("kuromoji_tokenizer", (index, environment, name, settings) -> {
            JapaneseTokenizer.Mode mode = mode(settings);
            boolean dropPunctuation = settings.getAsBoolean("discard_punctuation", true);
            boolean dropCompounds = settings.getAsBoolean("discard_compound_token", false);
            return TokenizerFactory.newFactory(name, () -> new JapaneseTokenizer(null, dropPunctuation, dropCompounds, mode));
        });
    }

    static void tokenFilters(Map<String, AnalysisProvider<TokenFilterFactory>> filters) {
        filters.put("kuromoji_baseform", (index, environment, name, settings) -> new Filter(name, JapaneseBaseFormFilter::new));
        filters.put("kuromoji_number", (index, environment, name, settings) -> new Filter(name, JapaneseNumberFilter::new));
        filters.put("kuromoji_readingform", (index, environment, name, settings) -> {
            boolean romaji = settings.getAsBoolean("use_romaji", false);
            return new Filter(name, input -> new JapaneseReadingFormFilter(input, romaji));
        });
        filters.put("kuromoji_stemmer", (index, environment, name, settings) -> {
            int shortest = settings.getAsInt("minimum_length", JapaneseKatakanaStemFilter.DEFAULT_MINIMUM_LENGTH);
            return new Normalizing(name, input -> new JapaneseKatakanaStemFilter(input, shortest));
        });
        filters.put("kuromoji_part_of_speech", (index, environment, name, settings) -> {
            Set<String> tags = settings.hasValue("stoptags")
                ? Set.copyOf(Analysis.getWordList(environment, settings, "stoptags")) : JapaneseAnalyzer.getDefaultStopTags();
            return new Filter(name, input -> new JapanesePartOfSpeechStopFilter(input, tags));
        });
        filters.put("ja_stop", (index, environment, name, settings) -> {
            CharArraySet words = Analysis.parseWords(environment, settings, "stopwords", JapaneseAnalyzer.getDefaultStopSet(),
                Map.of("_japanese_", JapaneseAnalyzer.getDefaultStopSet()), settings.getAsBoolean("ignore_case", false));
            return new Filter(name, input -> new StopFilter(input, words));
        });
    }

    private static JapaneseTokenizer.Mode mode(Settings settings) {
        return JapaneseTokenizer.Mode.valueOf(settings.get("mode", "search").toUpperCase(Locale.ROOT));
    }
}
