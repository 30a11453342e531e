//! `matricule explain`: the manual page of a code.

use anyhow::bail;
use matricule_record::Code;

use crate::Status;
use crate::arguments::Explain;
use crate::output::{print, table};

pub(crate) fn run(arguments: &Explain) -> Status {
    let Some(name) = &arguments.code else {
        let rows: Vec<Vec<String>> =
            Code::ALL.iter().map(|code| vec![code.to_string(), code.title().to_owned()]).collect();
        print(&table(&["code", "meaning"], &rows))?;
        return Ok(0);
    };
    let Some(code) = Code::from_name(name) else {
        bail!("there is no code `{name}`; `matricule explain` lists them all");
    };
    print(code.manual())?;
    Ok(0)
}
