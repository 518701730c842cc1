// What a board may hold, by the types that Grafana publishes. Its own Panel leaves options and custom
// fields open, so that they are closed here, kind by kind.
import type {
  AnnotationQuery,
  Dashboard,
  FieldConfig,
  GraphFieldConfig,
  Panel,
  RowPanel,
} from '@grafana/schema';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as gauge from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as states from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as history from '@grafana/schema/dist/esm/raw/composable/statushistory/panelcfg/x/StatusHistoryPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// JSON has no enums: their values stand for them.
type Json<T> = T extends string
  ? `${T}`
  : T extends Array<infer Item>
    ? Array<Json<Item>>
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

interface Prometheus {
  type: 'prometheus';
  uid: '$datasource';
}

interface Postgresql {
  type: 'grafana-postgresql-datasource';
  uid: '$database';
}

interface PromQuery {
  refId: string;
  datasource: Prometheus;
  expr: string;
  legendFormat: string;
  format: 'time_series' | 'table' | 'heatmap';
  editorMode: 'code';
  instant: boolean;
  range: boolean;
}

// Read by Grafana's PostgreSQL plugin.
interface SqlQuery {
  refId: string;
  datasource: Postgresql;
  rawSql: string;
  format: 'time_series' | 'table';
  editorMode: 'code';
  rawQuery: true;
}

interface Drawn<Kind extends string, From extends PromQuery | SqlQuery, Options, Custom>
  extends Required<Pick<Panel, 'id' | 'title' | 'description' | 'gridPos'>>,
    Pick<Panel, 'interval' | 'transformations'> {
  type: Kind;
  datasource: From['datasource'];
  targets: From[];
  options: Options;
  fieldConfig: {
    defaults: Omit<FieldConfig, 'custom'> & { unit: string; custom: Partial<Custom> };
    overrides: Override[];
  };
}

// All queries of a panel are of one data source.
type Closed<Kind extends string, Options, Custom> =
  | Drawn<Kind, PromQuery, Options, Custom>
  | Drawn<Kind, SqlQuery, Options, Custom>;

interface Override {
  matcher: { id: 'byFrameRefID' | 'byName'; options: string };
  properties: Array<
    | { id: 'unit'; value: string }
    | { id: 'custom.lineStyle'; value: GraphFieldConfig['lineStyle'] }
    | { id: 'custom.fillOpacity'; value: number }
    | { id: 'custom.stacking'; value: GraphFieldConfig['stacking'] }
    | { id: 'custom.drawStyle'; value: GraphFieldConfig['drawStyle'] }
    | { id: 'custom.axisPlacement'; value: GraphFieldConfig['axisPlacement'] }
  >;
}

// Grafana publishes no type for the options of its list of alerts.
interface Alerts extends Required<Pick<Panel, 'id' | 'title' | 'description' | 'gridPos'>> {
  type: 'alertlist';
  options: {
    viewMode: 'list' | 'stat';
    groupMode: 'default' | 'custom';
    groupBy: string[];
    maxItems: number;
    sortOrder: 1 | 2 | 3 | 4 | 5;
    alertName: string;
    alertInstanceLabelFilter: string;
    dashboardAlerts: boolean;
    stateFilter: Record<'firing' | 'pending' | 'error' | 'noData' | 'normal', boolean>;
  };
}

type Nothing = Record<string, never>;

// What is left out of Partial options Grafana takes from the defaults of the kind.
type Ours =
  | Closed<'timeseries', timeseries.Options, timeseries.FieldConfig>
  | Closed<'stat', Partial<stat.Options>, Nothing>
  | Closed<'gauge', Partial<gauge.Options>, Nothing>
  | Closed<'bargauge', Partial<bargauge.Options>, Nothing>
  | Closed<'heatmap', heatmap.Options, heatmap.FieldConfig>
  | Closed<'state-timeline', states.Options, states.FieldConfig>
  | Closed<'status-history', history.Options, history.FieldConfig>
  | Closed<'table', Partial<table.Options>, table.FieldConfig>
  | Alerts;

type Row = Required<Pick<RowPanel, 'type' | 'id' | 'title' | 'gridPos' | 'collapsed'>> & {
  panels: Ours[];
};

// Read by Grafana's Prometheus plugin, beside what every annotation has.
type Annotation = AnnotationQuery<{ refId: string; expr: string; range: true }> & {
  titleFormat: string;
  textFormat: string;
  useValueForTime?: boolean;
};

export type Board = Json<
  Required<Pick<Dashboard, 'uid' | 'title' | 'description' | 'refresh' | 'time' | 'links' | 'templating'>> &
    Pick<Dashboard, 'tags' | 'editable' | 'graphTooltip' | 'schemaVersion' | 'timezone'> & {
      panels: Array<Row | Ours>;
      annotations: { list: Annotation[] };
    }
>;
