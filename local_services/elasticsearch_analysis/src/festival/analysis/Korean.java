package festival.analysis;

import festival.analysis.Factories.Filter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.ko.KoreanNumberFilter;
import org.apache.lucene.analysis.ko.KoreanPartOfSpeechStopFilter;
import org.apache.lucene.analysis.ko.KoreanReadingFormFilter;
import org.apache.lucene.analysis.ko.KoreanTokenizer;
import org.apache.lucene.analysis.ko.POS;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** The names of the plugin analysis-nori. */
final class Korean {
    private Korean() {}

    static void tokenizers(Map<String, AnalysisProvider<TokenizerFactory>> tokenizers) {
        tokenizers.put("nori_tokenizer", (index, environment, name, settings) -> {
            KoreanTokenizer.DecompoundMode mode = KoreanTokenizer.DecompoundMode.valueOf(
                settings.get("decompound_mode", KoreanTokenizer.DEFAULT_DECOMPOUND.name()).toUpperCase(Locale.ROOT));
            boolean dropPunctuation = settings.getAsBoolean("discard_punctuation", true);
            return TokenizerFactory.newFactory(name,
                () -> new KoreanTokenizer(KoreanTokenizer.DEFAULT_TOKEN_ATTRIBUTE_FACTORY, null, mode, false, dropPunctuation));
        });
    }

    static void tokenFilters(Map<String, AnalysisProvider<TokenFilterFactory>> filters) {
        filters.put("nori_number", (index, environment, name, settings) -> new Filter(name, KoreanNumberFilter::new));
        filters.put("nori_readingform", (index, environment, name, settings) -> new Filter(name, KoreanReadingFormFilter::new));
        filters.put("nori_part_of_speech", (index, environment, name, settings) -> {
            Set<POS.Tag> tags = tags(settings);
            return new Filter(name, input -> new KoreanPartOfSpeechStopFilter(input, tags));
        });
    }

    private static Set<POS.Tag> tags(Settings settings) {
        List<String> named = settings.getAsList("stoptags", null);
        return named == null
            ? KoreanPartOfSpeechStopFilter.DEFAULT_STOP_TAGS
            : named.stream().map(POS::resolveTag).collect(Collectors.toUnmodifiableSet());
    }
}
