package festival.analysis;

import festival.analysis.Factories.Filter;
import java.util.Map;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.pl.PolishAnalyzer;
import org.apache.lucene.analysis.stempel.StempelFilter;
import org.apache.lucene.analysis.stempel.StempelStemmer;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** The names of the plugin analysis-stempel. */
final class Polish {
    private Polish() {}

    static void tokenFilters(Map<String, AnalysisProvider<TokenFilterFactory>> filters) {
        filters.put("polish_stem", (index, environment, name, settings) -> new Filter(name,
            input -> new StempelFilter(input, new StempelStemmer(PolishAnalyzer.getDefaultTable()))));
        filters.put("polish_stop", (index, environment, name, settings) -> {
            CharArraySet words = Analysis.parseWords(environment, settings, "stopwords", PolishAnalyzer.getDefaultStopSet(),
                Map.of("_polish_", PolishAnalyzer.getDefaultStopSet()), settings.getAsBoolean("ignore_case", false));
            return new Filter(name, input -> new StopFilter(input, words));
        });
    }
}
