package festival.analysis;

import com.ibm.icu.text.FilteredNormalizer2;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.RuleBasedTransliterator;
import com.ibm.icu.text.Transliterator;
import com.ibm.icu.text.UnicodeSet;
import festival.analysis.Factories.Chars;
import festival.analysis.Factories.Normalizing;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.analysis.icu.ICUFoldingFilter;
import org.apache.lucene.analysis.icu.ICUNormalizer2CharFilter;
import org.apache.lucene.analysis.icu.ICUNormalizer2Filter;
import org.apache.lucene.analysis.icu.ICUTransformFilter;
import org.apache.lucene.analysis.icu.segmentation.ICUTokenizer;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** The names of the plugin analysis-icu: every script's words, folding and normal forms. */
final class Icu {
    private static final Map<String, UnicodeSet> CHANGED = new ConcurrentHashMap<>();

    private Icu() {}

    static void charFilters(Map<String, AnalysisProvider<CharFilterFactory>> filters) {
        filters.put("icu_normalizer", (index, environment, name, settings) -> {
            Normalizer2 form = normalizer(settings);
            return new Chars(name, input -> new ICUNormalizer2CharFilter(input, form));
        });
    }

    static void tokenizers(Map<String, AnalysisProvider<TokenizerFactory>> tokenizers) {
        tokenizers.put("icu_tokenizer", (index, environment, name, settings) -> TokenizerFactory.newFactory(name, ICUTokenizer::new));
    }

    static void tokenFilters(Map<String, AnalysisProvider<TokenFilterFactory>> filters) {
        filters.put("icu_folding", (index, environment, name, settings) -> {
            Normalizer2 form = within(settings, ICUFoldingFilter.NORMALIZER);
            return new Normalizing(name, input -> new ICUFoldingFilter(input, form));
        });
        filters.put("icu_normalizer", (index, environment, name, settings) -> {
            Normalizer2 form = normalizer(settings);
            return new Normalizing(name, input -> new ICUNormalizer2Filter(input, form));
        });
        filters.put("icu_transform", (index, environment, name, settings) -> {
            Transliterator transliterator = transliterator(settings);
            return new Normalizing(name, input -> new ICUTransformFilter(input, transliterator));
        });
    }

    /**
     * The transform {@code id} in the direction {@code dir}. Lucene's filter works out which characters its rules change unless that is
     * said; for Chinese that takes longer than all else in a new index, so it is kept.
     */
    @SuppressWarnings("deprecation") // Lucene asks for the same class
    private static Transliterator transliterator(Settings settings) {
        int direction = settings.get("dir", "forward").equals("forward") ? Transliterator.FORWARD : Transliterator.REVERSE;
        String id = settings.get("id", "Null");
        Transliterator transliterator = Transliterator.getInstance(id, direction);
        if (transliterator instanceof RuleBasedTransliterator && transliterator.getFilter() == null) {
            UnicodeSet changed = CHANGED.computeIfAbsent(id + direction, key -> transliterator.getSourceSet().freeze());
            if (!changed.isEmpty()) {
                transliterator.setFilter(changed);
            }
        }
        return transliterator;
    }

    /** {@code name} is nfc, nfkc or nfkc_cf (the default); {@code mode} is compose (the default) or decompose. */
    private static Normalizer2 normalizer(Settings settings) {
        boolean decompose = settings.get("mode", "compose").equals("decompose");
        Normalizer2.Mode mode = decompose ? Normalizer2.Mode.DECOMPOSE : Normalizer2.Mode.COMPOSE;
        return within(settings, Normalizer2.getInstance(null, settings.get("name", "nfkc_cf"), mode));
    }

    /** The normal form for the characters of {@code unicode_set_filter} only, when that is set. */
    private static Normalizer2 within(Settings settings, Normalizer2 form) {
        String characters = settings.get("unicode_set_filter");
        return characters == null ? form : new FilteredNormalizer2(form, new UnicodeSet(characters).freeze());
    }
}
